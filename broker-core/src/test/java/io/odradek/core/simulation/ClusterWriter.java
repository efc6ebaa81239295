package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.ProduceResponse.PartitionProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** Sends every record once, some to the leader alone and some to all replicas, and repeats nothing. */
final class ClusterWriter extends ClusterClient {
    private static final int LARGEST_BATCH = 4;

    private final List<String> topics;
    private final String deletedTopic;

    /** @param deletedTopic one of the topics, which may be deleted: nothing is promised of it */
    ClusterWriter(String name, ClusterWorld cluster, ClusterClients shared, List<String> topics, String deletedTopic) {
        super(name, cluster, shared);
        this.topics = topics;
        this.deletedTopic = deletedTopic;
    }

    @Override
    protected int meanPauseMs() {
        return 500;
    }

    @Override
    protected void act() {
        List<TopicPartition> partitions = metadata().of(topics.get(random.nextInt(topics.size())));
        TopicPartition id = partitions.isEmpty() ? null : partitions.get(random.nextInt(partitions.size()));
        ClientMetadata.Led led = id == null ? null : metadata().of(id);
        if (led == null || led.leader() < 0 || random.nextInt(50) == 0) {
            refresh();
            return;
        }
        int acks = random.nextInt(3) == 0 ? -1 : 1;
        List<Long> values = new ArrayList<>();
        for (int i = random.nextInt(LARGEST_BATCH); i >= 0; i--) {
            values.add(shared.records().newValue(id));
        }
        send(
                led.leader(),
                ApiKey.PRODUCE,
                ClusterRequests.PRODUCE_VERSION,
                ClusterRequests.produce(
                        id,
                        acks,
                        ClusterRequests.batch(cluster.world().clock().wallMs(), values)
                                .build()),
                answer -> answered(id, led, acks, values, answer));
    }

    private void answered(TopicPartition id, ClientMetadata.Led led, int acks, List<Long> values, ApiResponse answer) {
        if (answer == null) {
            refresh();
            return;
        }
        PartitionProduceResponse outcome = ((ProduceResponse) answer)
                .responses()
                .get(0)
                .partitionResponses()
                .get(0);
        if (traces()) {
            trace("acks=" + acks + " " + values + " to " + id + " at broker " + led.leader() + ": "
                    + outcome.errorCode() + " " + outcome.baseOffset());
        }
        Violation.unless(outcome.errorCode() != ErrorCode.UNKNOWN_SERVER_ERROR, "Broker %d fails", led.leader());
        if (outcome.errorCode() != ErrorCode.NONE) {
            refresh();
            return;
        }
        if (acks == -1 && !id.topic().equals(deletedTopic)) {
            ClusterLedger.Records records = shared.records().records(led.topicId(), id);
            for (int i = 0; i < values.size(); i++) {
                shared.records().acknowledged(records, outcome.baseOffset() + i, values.get(i));
            }
        }
        pause();
    }
}
