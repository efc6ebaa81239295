package io.odradek.core.simulation;

import io.odradek.core.coordination.node.PartitionStateNode;
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
 * Repeats each batch under a producer id until all replicas in sync have it, so that it must be there once. Up to five batches
 * of each partition are under way at once, to one leader or, after an election, to two; one that failed is repeated when it
 * is the first of those that were not acknowledged, as Kafka's client does it (KIP-98).
 */
final class ClusterProducer extends ClusterClient {
    private static final int LARGEST_BATCH = 3;
    private static final int SEVERAL_ONCE_IN = 3;

    private final List<TopicPartition> partitions;
    private final Map<TopicPartition, ProducerLine> lines = new TreeMap<>();
    private final Map<TopicPartition, Long> acknowledged = new TreeMap<>();
    private long producerId = -1;
    private short epoch;
    private boolean stale;

    /** @param partitions where it writes, of topics that are never deleted */
    ClusterProducer(String name, ClusterWorld cluster, ClusterClients shared, List<TopicPartition> partitions) {
        super(name, cluster, shared);
        this.partitions = partitions;
    }

    @Override
    protected int meanPauseMs() {
        return 400;
    }

    /** {@return how many batches were acknowledged in a partition} */
    long acknowledged(TopicPartition id) {
        return acknowledged.getOrDefault(id, 0L);
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
        int batches = random.nextInt(SEVERAL_ONCE_IN) == 0 ? 1 + random.nextInt(ProducerLine.MOST) : 1;
        ProducerLine line = lines.get(id);
        for (int i = 0; i < batches; i++) {
            ProducerLine.Batch next = line.next(() -> newBatch(id));
            if (next != null) {
                produce(id, line, next, led);
            }
        }
        pause();
    }

    /** Takes a new producer id, and begins anew in all partitions. */
    private void identify() {
        int any = 1 + random.nextInt(cluster.brokers().size());
        InitProducerIdRequest request = new InitProducerIdRequest(null, 60_000, -1, (short) -1);
        send(any, ApiKey.INIT_PRODUCER_ID, ClusterRequests.INIT_PRODUCER_ID_VERSION, request, answer -> {
            if (answer instanceof InitProducerIdResponse given && given.errorCode() == ErrorCode.NONE) {
                producerId = given.producerId();
                epoch = given.producerEpoch();
                shared.producerIdGiven(producerId, name());
                partitions.forEach(id -> lines.put(id, new ProducerLine(id)));
            }
            pause();
        });
    }

    private void produce(TopicPartition id, ProducerLine line, ProducerLine.Batch batch, ClientMetadata.Led led) {
        line.sent(batch);
        ByteBuffer bytes = ClusterRequests.batch(cluster.world().clock().wallMs(), batch.values())
                .producer(producerId, epoch, batch.sequence())
                .build();
        send(
                led.leader(),
                ApiKey.PRODUCE,
                ClusterRequests.PRODUCE_VERSION,
                ClusterRequests.produce(id, -1, bytes),
                answer -> answered(id, line, batch, led, answer));
    }

    private List<Long> newBatch(TopicPartition id) {
        List<Long> batch = new ArrayList<>();
        for (int i = random.nextInt(LARGEST_BATCH); i >= 0; i--) {
            batch.add(shared.records().newValue(id));
        }
        return batch;
    }

    private void answered(
            TopicPartition id,
            ProducerLine line,
            ProducerLine.Batch batch,
            ClientMetadata.Led led,
            ApiResponse answer) {
        if (answer == null) {
            line.failed(batch);
            stale = true;
            return;
        }
        PartitionProduceResponse outcome = ((ProduceResponse) answer)
                .responses()
                .get(0)
                .partitionResponses()
                .get(0);
        if (traces()) {
            trace(batch + " to " + id + " at broker " + led.leader() + ": " + outcome.errorCode() + " "
                    + outcome.baseOffset());
        }
        switch (outcome.errorCode()) {
            case NONE -> {
                ClusterLedger.Records records = shared.records().records(led.topicId(), id);
                for (int i = 0; i < batch.values().size(); i++) {
                    shared.records()
                            .acknowledged(
                                    records,
                                    outcome.baseOffset() + i,
                                    batch.values().get(i));
                }
                line.acknowledged(batch, outcome.baseOffset());
                acknowledged.merge(id, 1L, Long::sum);
            }
            case OUT_OF_ORDER_SEQUENCE_NUMBER -> outOfOrder(line, batch, led);
            case INVALID_PRODUCER_EPOCH, UNKNOWN_PRODUCER_ID, DUPLICATE_SEQUENCE_NUMBER, UNKNOWN_SERVER_ERROR ->
                throw new Violation("It is told " + outcome.errorCode() + " of " + batch + " in " + id + " by broker "
                        + led.leader());
            default -> {
                line.failed(batch);
                stale = true;
            }
        }
    }

    /**
     * One that comes before those which it follows is repeated in its turn, and one that came to a leader of former times,
     * who has not those which it follows and does not know that he is deposed, goes to another. The first may be a repetition
     * that the broker does not know any more, as a snapshot has a producer's last batch alone: then what came of it is never
     * known.
     */
    private void outOfOrder(ProducerLine line, ProducerLine.Batch batch, ClientMetadata.Led led) {
        line.failed(batch);
        stale = true;
        if (!batch.sentFirst() || lines.get(line.id()) != line || isDeposed(line.id(), led)) {
            return;
        }
        Violation.unless(
                batch.tries() > 1 && line.sentAfter(batch),
                "It is told that %s is out of order in %s by broker %d, and it is the next",
                batch,
                line.id(),
                led.leader());
        trace("cannot know what came of " + batch + " in " + line.id());
        producerId = -1;
    }

    private boolean isDeposed(TopicPartition id, ClientMetadata.Led led) {
        PartitionStateNode now = new ClusterState(cluster.coordination().tree()).state(id);
        return now.leader() != led.leader() || now.leaderEpoch() > led.epoch();
    }
}
