package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.fetch.FetchSessionCache;
import io.odradek.core.fetch.FetchSessions;
import io.odradek.core.partition.OwnerLoop;
import io.odradek.core.partition.TestBroker;
import io.odradek.core.partition.ThreadedOwnerLoop;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A producer and a consumer over owners on real threads: a lost wake-up would let the consumer wait for a minute. */
class ThreadStressTest {
    private static final int PARTITIONS = 4;
    private static final int ROUNDS = 3_000;

    @Test
    @Timeout(value = 50, unit = TimeUnit.SECONDS)
    void aConsumerIsAlwaysWokenByTheRecordItWaitsFor() throws Exception {
        List<OwnerLoop> loops = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            loops.add(new ThreadedOwnerLoop());
        }
        TestBroker broker = new TestBroker(new SimulatedWorld(1), loops).topic("t", PARTITIONS, Map.of());
        ProduceHandler producer = new ProduceHandler(broker.owners, broker::image, broker.world.clock());
        FetchHandler fetcher = new FetchHandler(
                broker.owners,
                broker::image,
                new FetchSessions(new FetchSessionCache(5, broker.world.clock(), broker.world.newRandoms("ids"))),
                1 << 20);
        long[] offsets = new long[PARTITIONS];
        for (int round = 0; round < ROUNDS; round++) {
            TestContext fetch = new TestContext(ApiKey.FETCH, 12);
            TestContext produce = new TestContext(ApiKey.PRODUCE, 9);
            fetcher.handle(fetchAll(offsets), fetch);
            producer.handle(one(round % PARTITIONS), produce);
            fetch.await();
            produce.await();
            assertThat(fetch.closed()).isNull();
            advance(offsets, fetch.response(FetchResponse.class));
        }
        assertThat(Arrays.stream(offsets).sum()).isEqualTo(ROUNDS);
        for (OwnerLoop loop : loops) {
            ((ThreadedOwnerLoop) loop).close();
        }
    }

    private static void advance(long[] offsets, FetchResponse response) {
        response.responses().get(0).partitions().forEach(partition -> {
            int count = TestRecords.baseOffsets(partition.records()).size();
            offsets[partition.partitionIndex()] += count;
        });
    }

    private static ProduceRequest one(int partition) {
        return new ProduceRequest(
                null,
                (short) -1,
                1000,
                List.of(new ProduceRequest.TopicProduceData(
                        "t", List.of(new ProduceRequest.PartitionProduceData(partition, TestRecords.batch("x"))))));
    }

    private static FetchRequest fetchAll(long[] offsets) {
        List<FetchRequest.FetchPartition> partitions = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            partitions.add(new FetchRequest.FetchPartition(i, -1, offsets[i], -1, -1, 1 << 20, Uuid.ZERO));
        }
        return new FetchRequest(
                null,
                -1,
                new FetchRequest.ReplicaState(-1, -1),
                60_000,
                1,
                1 << 20,
                (byte) 0,
                0,
                -1,
                List.of(new FetchRequest.FetchTopic("t", Uuid.ZERO, partitions)),
                List.of(),
                "");
    }
}
