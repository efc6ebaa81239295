package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.InitProducerIdResponse;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.ProduceResponse.PartitionProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Repeats each batch under a producer id until all replicas in sync have it, so that it must be there once. One batch of each
 * partition is under way at most, so that the broker never has a reason to call its sequence wrong.
 */
final class ClusterProducer extends ClusterClient {
    private static final int LARGEST_BATCH = 3;

    /** What is to be done in one partition. */
    private static final class Line {
        private int sequence;
        private List<Long> batch = List.of();
        private boolean underWay;
        private long acknowledged;
    }

    private final List<TopicPartition> partitions;
    private final Map<TopicPartition, Line> lines = new TreeMap<>();
    private long producerId = -1;
    private short epoch;
    private boolean stale;

    /** @param partitions where it writes, of topics that are never deleted */
    ClusterProducer(String name, ClusterWorld cluster, ClusterClients shared, List<TopicPartition> partitions) {
        super(name, cluster, shared);
        this.partitions = partitions;
        partitions.forEach(id -> lines.put(id, new Line()));
    }

    @Override
    protected int meanPauseMs() {
        return 400;
    }

    /** {@return how many batches were acknowledged in a partition} */
    long acknowledged(TopicPartition id) {
        return lines.get(id).acknowledged;
    }

    @Override
    protected void act() {
        if (producerId < 0) {
            identify();
            return;
        }
        TopicPartition id = partitions.get(random.nextInt(partitions.size()));
        ClientMetadata.Led led = metadata().of(id);
        if (stale || led == null || led.leader() < 0) {
            stale = false;
            refresh();
            return;
        }
        if (!lines.get(id).underWay) {
            produce(id, led);
        }
        pause();
    }

    private void identify() {
        int any = 1 + random.nextInt(cluster.brokers().size());
        InitProducerIdRequest request = new InitProducerIdRequest(null, 60_000, -1, (short) -1);
        send(any, ApiKey.INIT_PRODUCER_ID, ClusterRequests.INIT_PRODUCER_ID_VERSION, request, answer -> {
            if (answer instanceof InitProducerIdResponse given && given.errorCode() == ErrorCode.NONE) {
                producerId = given.producerId();
                epoch = given.producerEpoch();
                shared.producerIdGiven(producerId, name());
            }
            pause();
        });
    }

    private void produce(TopicPartition id, ClientMetadata.Led led) {
        Line line = lines.get(id);
        if (line.batch.isEmpty()) {
            line.batch = newBatch(id);
        }
        line.underWay = true;
        ByteBuffer batch = ClusterRequests.batch(cluster.world().clock().wallMs(), line.batch)
                .producer(producerId, epoch, line.sequence)
                .build();
        send(
                led.leader(),
                ApiKey.PRODUCE,
                ClusterRequests.PRODUCE_VERSION,
                ClusterRequests.produce(id, -1, batch),
                answer -> answered(id, line, led, answer));
    }

    private List<Long> newBatch(TopicPartition id) {
        List<Long> batch = new ArrayList<>();
        for (int i = random.nextInt(LARGEST_BATCH); i >= 0; i--) {
            batch.add(shared.records().newValue(id));
        }
        return batch;
    }

    private void answered(TopicPartition id, Line line, ClientMetadata.Led led, ApiResponse answer) {
        line.underWay = false;
        if (answer == null) {
            stale = true;
            return;
        }
        PartitionProduceResponse outcome = ((ProduceResponse) answer)
                .responses()
                .get(0)
                .partitionResponses()
                .get(0);
        if (traces()) {
            trace("batch " + line.sequence + " " + line.batch + " to " + id + " at broker " + led.leader() + ": "
                    + outcome.errorCode() + " " + outcome.baseOffset());
        }
        switch (outcome.errorCode()) {
            case NONE -> {
                ClusterLedger.Records records = shared.records().records(led.topicId(), id);
                for (int i = 0; i < line.batch.size(); i++) {
                    shared.records().acknowledged(records, outcome.baseOffset() + i, line.batch.get(i));
                }
                line.sequence += line.batch.size();
                line.batch = List.of();
                line.acknowledged++;
            }
            case OUT_OF_ORDER_SEQUENCE_NUMBER,
                    INVALID_PRODUCER_EPOCH,
                    UNKNOWN_PRODUCER_ID,
                    DUPLICATE_SEQUENCE_NUMBER,
                    UNKNOWN_SERVER_ERROR ->
                throw new Violation("It is told " + outcome.errorCode() + " of sequence " + line.sequence + " in " + id
                        + " by broker " + led.leader());
            default -> stale = true;
        }
    }
}
