package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import io.odradek.protocol.wire.Uuid;
import java.util.List;

/**
 * A leader asks the controller to change the in-sync replicas of its partitions (KIP-497). {@code partitionEpoch} is that on which
 * the change is based: the version of the partition's state node. Versions: 1 added the recovery after an unclean election
 * (KIP-704); 2 names topics by id (KIP-841); 3 names each replica's broker epoch, so that one which was started again meanwhile
 * does not count as in sync (KIP-903).
 */
@Request(key = 56, versions = "0-3", flexible = "0+")
public record AlterPartitionRequest(
        int brokerId, @Default("-1") long brokerEpoch, List<TopicData> topics) implements ApiRequest {
    /** The partitions of one topic, by name up to version 1, by id after. */
    public record TopicData(
            @Versions("0-1") String topicName,
            @Versions("2+") Uuid topicId,
            List<PartitionData> partitions) {}

    /** What the leader proposes, and the epochs it knows. {@code leaderRecoveryState}: 1 while it recovers from an unclean election. */
    public record PartitionData(
            int partitionIndex,
            int leaderEpoch,
            @Versions("0-2") List<Integer> newIsr,
            @Versions("3+") List<BrokerState> newIsrWithEpochs,
            @Versions("1+") byte leaderRecoveryState,
            int partitionEpoch) {}

    /** A replica, and the broker epoch that it last fetched with, -1 if that is not to be checked. */
    public record BrokerState(
            @Versions("3+") int brokerId,
            @Versions("3+") @Default("-1") long brokerEpoch) {}
}
