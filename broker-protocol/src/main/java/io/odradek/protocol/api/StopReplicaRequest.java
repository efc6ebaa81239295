package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * The controller tells a broker to stop fetching replicas, and to delete those that it shall have no more. It is refused from
 * an older controller than the broker knows, or if it is meant for an earlier registration of the broker. Versions: 1 added the
 * broker epoch and groups partitions by topic (KIP-380); 2 is flexible (KIP-482); 3 says for each partition its leader epoch and
 * whether it is deleted, so that a late request cannot stop a newer replica (KIP-570); 4 tells controllers of a KRaft
 * quorum (KIP-866), which this broker does not know.
 */
@Request(key = 5, versions = "0-4", flexible = "2+")
public record StopReplicaRequest(
        int controllerId,
        @Versions("4+") boolean isKRaftController,
        int controllerEpoch,
        @Versions("1+") @Default("-1") long brokerEpoch,
        @Versions("0-2") boolean deletePartitions,
        @Versions("0") List<StopReplicaPartitionV0> ungroupedPartitions,
        @Versions("1-2") List<StopReplicaTopicV1> topics,
        @Versions("3+") List<StopReplicaTopicState> topicStates)
        implements ApiRequest {
    /** {@code leaderEpoch}: not known, of versions before 3; a replica is stopped whatever its own. */
    public static final int NO_LEADER_EPOCH = -1;

    /** {@code leaderEpoch}: the topic is being deleted, which is later than any epoch. */
    public static final int LEADER_EPOCH_DURING_DELETE = -2;

    /** One partition. */
    public record StopReplicaPartitionV0(
            @Versions("0") String topicName, @Versions("0") int partitionIndex) {}

    /** The partitions of one topic. */
    public record StopReplicaTopicV1(
            @Versions("1-2") String name, @Versions("1-2") List<Integer> partitionIndexes) {}

    /** The partitions of one topic, each with its epoch. */
    public record StopReplicaTopicState(
            @Versions("3+") String topicName,
            @Versions("3+") List<StopReplicaPartitionState> partitionStates) {}

    /** One partition, the leader epoch in which its replica is to stop, and whether it is deleted. */
    public record StopReplicaPartitionState(
            @Versions("3+") int partitionIndex,
            @Versions("3+") @Default("-1") int leaderEpoch,
            @Versions("3+") boolean deletePartition) {}
}
