package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.AlterPartitionReassignmentsRequest;
import io.odradek.protocol.api.CreatePartitionsRequest;
import io.odradek.protocol.api.CreatePartitionsRequest.CreatePartitionsTopic;
import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopic;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopicConfig;
import io.odradek.protocol.api.DeleteTopicsRequest;
import io.odradek.protocol.api.ElectLeadersRequest;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetFetchRequest;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The requests of the clients of a simulated cluster, each in one version of its API. */
final class ClusterRequests {
    static final int CREATE_TOPICS_VERSION = 7;
    static final int DELETE_TOPICS_VERSION = 5;
    static final int CREATE_PARTITIONS_VERSION = 3;
    static final int ELECT_LEADERS_VERSION = 2;
    static final int ALTER_PARTITION_REASSIGNMENTS_VERSION = 0;
    static final int PRODUCE_VERSION = 9;
    static final int FETCH_VERSION = 16;
    static final int JOIN_GROUP_VERSION = 9;
    static final int SYNC_GROUP_VERSION = 5;
    static final int HEARTBEAT_VERSION = 4;
    static final int LEAVE_GROUP_VERSION = 5;
    static final int OFFSET_COMMIT_VERSION = 8;
    static final int OFFSET_FETCH_VERSION = 7;
    static final int FIND_COORDINATOR_VERSION = 3;
    static final int INIT_PRODUCER_ID_VERSION = 4;

    static final int ADMIN_TIMEOUT_MS = 6_000;
    private static final int PRODUCE_TIMEOUT_MS = 5_000;
    private static final int LARGEST_FETCH_BYTES = 1 << 16;
    private static final int LARGEST_BATCH_BYTES = 1 << 12;

    private ClusterRequests() {}

    static CreateTopicsRequest createTopic(String name, int partitions, int replicas, Map<String, String> settings) {
        List<CreatableTopicConfig> configs = new ArrayList<>();
        new TreeMap<>(settings).forEach((key, value) -> configs.add(new CreatableTopicConfig(key, value)));
        CreatableTopic topic = new CreatableTopic(name, partitions, (short) replicas, List.of(), configs);
        return new CreateTopicsRequest(List.of(topic), ADMIN_TIMEOUT_MS, false);
    }

    static DeleteTopicsRequest deleteTopic(String name) {
        return new DeleteTopicsRequest(List.of(), List.of(name), ADMIN_TIMEOUT_MS);
    }

    static CreatePartitionsRequest growTopic(String name, int partitions) {
        CreatePartitionsTopic topic = new CreatePartitionsTopic(name, partitions, null);
        return new CreatePartitionsRequest(List.of(topic), ADMIN_TIMEOUT_MS, false);
    }

    static ElectLeadersRequest electPreferredLeaders() {
        return new ElectLeadersRequest(ElectLeadersRequest.PREFERRED, null, ADMIN_TIMEOUT_MS);
    }

    /** @param replicas where it is to be, null for where it was before */
    static AlterPartitionReassignmentsRequest move(TopicPartition id, List<Integer> replicas) {
        return new AlterPartitionReassignmentsRequest(
                ADMIN_TIMEOUT_MS,
                true,
                List.of(new AlterPartitionReassignmentsRequest.ReassignableTopic(
                        id.topic(),
                        List.of(new AlterPartitionReassignmentsRequest.ReassignablePartition(
                                id.partition(), replicas)))));
    }

    static ProduceRequest produce(TopicPartition id, int acks, ByteBuffer batch) {
        return new ProduceRequest(
                null,
                (short) acks,
                PRODUCE_TIMEOUT_MS,
                List.of(new ProduceRequest.TopicProduceData(
                        id.topic(),
                        List.of(new ProduceRequest.PartitionProduceData(id.partition(), new BytesPayload(batch))))));
    }

    /** A batch with one record for each number. */
    static BatchBuilder batch(long timestampMs, List<Long> values) {
        BatchBuilder batch = new BatchBuilder(LARGEST_BATCH_BYTES);
        for (long value : values) {
            batch.append(timestampMs, null, ByteBuffer.allocate(Long.BYTES).putLong(0, value));
        }
        return batch;
    }

    static FetchRequest fetch(Uuid topicId, int partition, int leaderEpoch, long offset, int lastEpoch, int maxWaitMs) {
        return new FetchRequest(
                null,
                -1,
                new FetchRequest.ReplicaState(-1, -1),
                maxWaitMs,
                1,
                LARGEST_FETCH_BYTES,
                (byte) 0,
                0,
                -1,
                List.of(new FetchRequest.FetchTopic(
                        null,
                        topicId,
                        List.of(new FetchRequest.FetchPartition(
                                partition, leaderEpoch, offset, lastEpoch, -1, LARGEST_FETCH_BYTES, Uuid.ZERO)))),
                List.of(),
                "");
    }

    static OffsetCommitRequest commit(String group, int generation, String member, TopicPartition id, long offset) {
        return new OffsetCommitRequest(
                group,
                generation,
                member,
                null,
                -1,
                List.of(new OffsetCommitRequest.OffsetCommitRequestTopic(
                        id.topic(),
                        List.of(new OffsetCommitRequest.OffsetCommitRequestPartition(
                                id.partition(), offset, -1, -1, "")))));
    }

    static OffsetFetchRequest committed(String group, TopicPartition id) {
        return new OffsetFetchRequest(
                group,
                List.of(new OffsetFetchRequest.OffsetFetchRequestTopic(id.topic(), List.of(id.partition()))),
                List.of(),
                false);
    }
}
