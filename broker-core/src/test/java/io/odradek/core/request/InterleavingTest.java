package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.fetch.FetchSessionCache;
import io.odradek.core.fetch.FetchSessions;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.TestBroker;
import io.odradek.core.partition.TestReplicas;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Payload;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Produces, fetches, followers, elections and time-outs in an order that the seed decides. Every request is answered once
 * (the context refuses a second answer), nothing acknowledged is missing, and nothing stays parked.
 */
class InterleavingTest {
    private static final int PARTITIONS = 7;

    private final Random random = new Random(SimulatedWorld.seedFromSystem());
    private final TestBroker broker = new TestBroker(3).topic("t", PARTITIONS, Map.of(), List.of(1, 2));
    private final ProduceHandler producer = new ProduceHandler(
            broker.owners,
            broker::image,
            broker.world.clock(),
            broker.world.newLoop("background")::post,
            ProduceHandler.Bounds.DEFAULTS);
    private final FetchHandler fetcher = new FetchHandler(
            broker.owners,
            broker::image,
            new FetchSessions(new FetchSessionCache(5, broker.world.clock(), broker.world.newRandoms("ids"))),
            1 << 20);
    private final List<TestContext> contexts = new ArrayList<>();
    private final int[] epochs = new int[PARTITIONS];

    @Test
    void everyRequestIsAnsweredOnceAndNothingStaysParked() throws IOException {
        System.out.println("seed " + SimulatedWorld.seedFromSystem());
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(9)) {
                case 0, 1 -> produce();
                case 2, 3, 4 -> fetch();
                case 5 -> follow();
                case 6 -> elect();
                case 7 -> leave();
                default -> broker.world.advanceMs(random.nextInt(30));
            }
        }
        broker.world.advanceMs(10_000);
        assertThat(contexts).hasSizeGreaterThan(10_000).allMatch(TestContext::isCompleted);
        assertThat(contexts).allMatch(context -> context.closed() == null);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Partition replica = broker.partition("t", partition);
            broker.elect(replica, 2, epochs[partition] + 1, List.of(2));
            broker.world.runUntilIdle();
            assertThat(replica.watches().size()).isZero();
        }
        assertThat(broker.parked()).isZero();
        assertThat(acknowledgedByAll()).isPositive();
        broker.close();
    }

    private void produce() {
        List<ProduceRequest.PartitionProduceData> data = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            data.add(new ProduceRequest.PartitionProduceData(
                    random.nextInt(PARTITIONS),
                    random.nextInt(100) == 0 ? large() : TestRecords.batchOf(random.nextInt(300))));
        }
        short acks = (short) (random.nextInt(3) == 0 ? 1 : -1);
        TestContext context = context(ApiKey.PRODUCE, 9);
        producer.handle(
                new ProduceRequest(null, acks, 50, List.of(new ProduceRequest.TopicProduceData("t", data))), context);
    }

    /** Inflates to more than owners check. */
    private static Payload large() {
        return new BytesPayload(new BatchBuilder(3 << 20)
                .codec(CompressionCodec.ZSTD)
                .append(1000, null, ByteBuffer.allocate(2 << 20))
                .build());
    }

    private void fetch() {
        List<FetchRequest.FetchPartition> partitions = new ArrayList<>();
        for (int i = random.nextInt(PARTITIONS); i >= 0; i--) {
            long offset = Math.max(0, broker.partition("t", i).highWatermark() - random.nextInt(3));
            partitions.add(new FetchRequest.FetchPartition(i, -1, offset, -1, -1, 500, Uuid.ZERO));
        }
        fetcher.handle(
                new FetchRequest(
                        null,
                        -1,
                        new FetchRequest.ReplicaState(-1, -1),
                        random.nextInt(100),
                        random.nextInt(2) == 0 ? 1 : 1500,
                        random.nextInt(5000),
                        (byte) 0,
                        0,
                        random.nextInt(2) - 1,
                        List.of(new FetchRequest.FetchTopic("t", Uuid.ZERO, partitions)),
                        List.of(),
                        ""),
                context(ApiKey.FETCH, 12));
    }

    /** A client closes its connection, whatever it waits for. */
    private void leave() {
        if (!contexts.isEmpty()) {
            contexts.get(Math.max(0, contexts.size() - 1 - random.nextInt(20))).leave();
        }
    }

    private void follow() {
        Partition partition = broker.partition("t", random.nextInt(PARTITIONS));
        broker.owners.ownerOf(partition.id()).loop().post(() -> {
            TestReplicas.fetched(partition, 2, partition.log().endOffset() - random.nextInt(2));
            partition.announceChanges();
        });
    }

    private void elect() {
        int partition = random.nextInt(PARTITIONS);
        if (random.nextInt(4) == 0) {
            epochs[partition]++;
        }
        int leader = random.nextInt(5) == 0 ? 2 : TestBroker.ID;
        if (leader == 2) {
            epochs[partition]++;
        }
        broker.elect(broker.partition("t", partition), leader, epochs[partition], List.of(1, 2));
    }

    private TestContext context(ApiKey api, int version) {
        TestContext context = new TestContext(api, version);
        contexts.add(context);
        return context;
    }

    private int acknowledgedByAll() {
        int acknowledged = 0;
        for (TestContext context : contexts) {
            if (context.response(ApiResponse.class) == null) {
                assertThat(context.isGone()).isTrue();
                continue;
            }
            if (context.header().apiKey() == ApiKey.PRODUCE.key()) {
                ProduceResponse response = context.response(ProduceResponse.class);
                for (ProduceResponse.PartitionProduceResponse partition :
                        response.responses().get(0).partitionResponses()) {
                    if (partition.errorCode() == ErrorCode.NONE) {
                        acknowledged++;
                        assertThat(partition.baseOffset())
                                .isLessThan(broker.partition("t", partition.index())
                                        .log()
                                        .endOffset());
                    }
                }
            } else {
                assertThat(context.response(FetchResponse.class)).isNotNull();
            }
        }
        return acknowledged;
    }
}
