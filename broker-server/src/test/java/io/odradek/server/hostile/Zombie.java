package io.odradek.server.hostile;

import io.odradek.protocol.api.AddPartitionsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.odradek.protocol.api.AddPartitionsToTxnResponse;
import io.odradek.protocol.api.EndTxnRequest;
import io.odradek.protocol.api.EndTxnResponse;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.InitProducerIdResponse;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.ProduceResponse.PartitionProduceResponse;
import io.odradek.protocol.api.TxnOffsetCommitRequest;
import io.odradek.protocol.api.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.odradek.protocol.api.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.odradek.protocol.api.TxnOffsetCommitResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A producer that shares its transactional ids with others, now and then takes over the id and epoch that another one has, and
 * does anything at any time.
 */
final class Zombie {
    private static final int IDS = 3;
    private static final int PARTITIONS = 3;
    private static final int TIMEOUT_MS = 1_000;
    private static final Identity NOBODY = new Identity("id-0", -1, (short) -1);

    private final RawClient client;
    private final Random random;
    private final boolean secondVersion;
    private final Map<String, Identity> newest;
    /** How often each API was answered what. */
    private final Map<String, Integer> told = new TreeMap<>();

    private final Map<String, Integer> sequences = new TreeMap<>();
    private Identity identity = NOBODY;

    /** A transactional id, and the producer that somebody takes himself for. */
    record Identity(String transactionalId, long producerId, short epoch) {}

    /**
     * @param secondVersion whether it speaks transactions v2
     * @param newest by transactional id what anybody was told last; shared with the others
     */
    Zombie(RawClient client, Random random, boolean secondVersion, Map<String, Identity> newest) {
        this.client = client;
        this.random = random;
        this.secondVersion = secondVersion;
        this.newest = newest;
    }

    /** {@return how often each API was answered what} */
    Map<String, Integer> told() {
        return told;
    }

    /** Does one thing. */
    void step() throws IOException {
        if (random.nextInt(10) == 0) {
            String id = "id-" + random.nextInt(IDS);
            identity = newest.getOrDefault(id, new Identity(id, NOBODY.producerId(), NOBODY.epoch()));
        }
        switch (identity.producerId() < 0 ? 0 : random.nextInt(8)) {
            case 0 -> init();
            case 1 -> join();
            case 2, 3, 4 -> produce();
            case 5 -> commitPosition();
            default -> end();
        }
    }

    /** Ends what there is of each id, and sends a batch that comes too late for it. */
    void leave() throws IOException {
        for (Identity known : newest.values()) {
            identity = known;
            end();
            produce();
        }
    }

    private void tell(String api, ErrorCode error) {
        told.merge(api + " " + error, 1, Integer::sum);
    }

    private void goOnAs(long producerId, short epoch) {
        identity = new Identity(identity.transactionalId(), producerId, epoch);
        newest.put(identity.transactionalId(), identity);
    }

    private void init() throws IOException {
        Identity has = random.nextBoolean() ? identity : NOBODY;
        InitProducerIdResponse response = client.ask(
                new InitProducerIdRequest(identity.transactionalId(), TIMEOUT_MS, has.producerId(), has.epoch()),
                5,
                InitProducerIdResponse.class);
        tell("init", response.errorCode());
        if (response.errorCode() == ErrorCode.NONE) {
            goOnAs(response.producerId(), response.producerEpoch());
        }
    }

    private void join() throws IOException {
        if (secondVersion) {
            produce();
            return;
        }
        AddPartitionsToTxnTopic topic =
                new AddPartitionsToTxnTopic(HostileBed.TOPIC, List.of(random.nextInt(PARTITIONS)));
        AddPartitionsToTxnRequest request = new AddPartitionsToTxnRequest(
                List.of(), identity.transactionalId(), identity.producerId(), identity.epoch(), List.of(topic));
        client.ask(request, 3, AddPartitionsToTxnResponse.class)
                .resultsByTopicV3AndBelow()
                .forEach(answer -> answer.resultsByPartition().forEach(one -> tell("join", one.partitionErrorCode())));
    }

    private void produce() throws IOException {
        List<PartitionProduceData> data = new ArrayList<>();
        for (int partition = random.nextInt(PARTITIONS); partition < PARTITIONS; partition++) {
            int sequence = random.nextInt(4) == 0 ? random.nextInt(3) : sequences.getOrDefault(key(partition), 0);
            ByteBuffer batch = new BatchBuilder(1_000)
                    .producer(identity.producerId(), identity.epoch(), sequence)
                    .transactional()
                    .append(System.currentTimeMillis(), null, ByteBuffer.allocate(3))
                    .build();
            data.add(new PartitionProduceData(partition, new BytesPayload(batch)));
        }
        ProduceRequest request = new ProduceRequest(
                identity.transactionalId(),
                (short) -1,
                TIMEOUT_MS,
                List.of(new TopicProduceData(HostileBed.TOPIC, data)));
        ProduceResponse response = client.ask(request, secondVersion ? 12 : 9, ProduceResponse.class);
        for (PartitionProduceResponse one : response.responses().get(0).partitionResponses()) {
            tell("produce", one.errorCode());
            if (one.errorCode() == ErrorCode.NONE) {
                sequences.merge(key(one.index()), 1, Integer::sum);
            }
        }
    }

    private String key(int partition) {
        return identity + "-" + partition;
    }

    private void commitPosition() throws IOException {
        var position = new TxnOffsetCommitRequestPartition(random.nextInt(PARTITIONS), random.nextInt(100), -1, "");
        TxnOffsetCommitRequest request = new TxnOffsetCommitRequest(
                identity.transactionalId(),
                "group",
                identity.producerId(),
                identity.epoch(),
                -1,
                "",
                null,
                List.of(new TxnOffsetCommitRequestTopic(HostileBed.TOPIC, Uuid.ZERO, List.of(position))));
        client.ask(request, secondVersion ? 5 : 3, TxnOffsetCommitResponse.class)
                .topics()
                .forEach(topic -> topic.partitions().forEach(one -> tell("position", one.errorCode())));
    }

    private void end() throws IOException {
        EndTxnRequest request = new EndTxnRequest(
                identity.transactionalId(), identity.producerId(), identity.epoch(), random.nextBoolean());
        EndTxnResponse response = client.ask(request, secondVersion ? 5 : 3, EndTxnResponse.class);
        tell("end", response.errorCode());
        if (secondVersion && response.errorCode() == ErrorCode.NONE) {
            goOnAs(response.producerId(), response.producerEpoch());
        }
    }
}
