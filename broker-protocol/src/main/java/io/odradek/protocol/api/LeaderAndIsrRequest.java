package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import io.odradek.protocol.wire.Uuid;
import java.util.List;

/**
 * The controller tells a broker what became of partitions that it has, or shall have, a replica of: who leads them since which
 * epoch, and who is in sync. The broker refuses it from an older controller than it knows, or if it is meant for an
 * earlier registration of its own; an older leader epoch changes nothing of a partition. {@code liveLeaders} are the brokers
 * that the partitions name as leaders. Versions: 1 says whether a replica is new, so that a broker with a failed log
 * folder does not make it anew (KIP-112); 2 added the broker epoch and groups partitions by topic (KIP-380); 3 added the replicas
 * that a reassignment adds and removes (KIP-455); 4 is flexible (KIP-482); 5 added topic ids and {@code type} (KIP-516); 6 the
 * recovery after an unclean election (KIP-704); 7 tells controllers of a KRaft quorum (KIP-866), which this broker does not know.
 */
@Request(key = 4, versions = "0-7", flexible = "4+")
public record LeaderAndIsrRequest(
        int controllerId,
        @Versions("7+") boolean isKRaftController,
        int controllerEpoch,
        @Versions("2+") @Default("-1") long brokerEpoch,
        @Versions("5+") byte type,
        @Versions("0-1") List<LeaderAndIsrPartitionState> ungroupedPartitionStates,
        @Versions("2+") List<LeaderAndIsrTopicState> topicStates,
        List<LeaderAndIsrLiveLeader> liveLeaders)
        implements ApiRequest {
    /** {@code type}: what a controller over ZooKeeper sends, always the partitions that changed since it last spoke to the broker. */
    public static final byte TYPE_UNKNOWN = 0;

    /** {@code type}: the partitions that changed, from a controller of a KRaft quorum. */
    public static final byte TYPE_INCREMENTAL = 1;

    /** {@code type}: all partitions that the broker shall have; any other that it has is a stray. */
    public static final byte TYPE_FULL = 2;

    /** The partitions of one topic. */
    public record LeaderAndIsrTopicState(
            @Versions("2+") String topicName,
            @Versions("5+") Uuid topicId,
            @Versions("2+") List<LeaderAndIsrPartitionState> partitionStates) {}

    /**
     * A partition as the controller knows it. {@code controllerEpoch} is that of the controller which last changed it;
     * {@code partitionEpoch} the version of its state node. The leader is -1 if there is none. {@code leaderRecoveryState} is 1
     * after an unclean election, until the leader has recovered.
     */
    public record LeaderAndIsrPartitionState(
            @Versions("0-1") String topicName,
            int partitionIndex,
            int controllerEpoch,
            int leader,
            int leaderEpoch,
            List<Integer> isr,
            int partitionEpoch,
            List<Integer> replicas,
            @Versions("3+") List<Integer> addingReplicas,
            @Versions("3+") List<Integer> removingReplicas,
            @Versions("1+") boolean isNew,
            @Versions("6+") byte leaderRecoveryState) {}

    /** A leader, and where the brokers of the cluster reach it. */
    public record LeaderAndIsrLiveLeader(int brokerId, String hostName, int port) {}
}
