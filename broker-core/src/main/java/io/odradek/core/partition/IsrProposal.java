package io.odradek.core.partition;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.util.List;

/**
 * What a leader asks of the controller: to have another set of in-sync replicas on record (AlterPartition).
 *
 * @param id the partition
 * @param topicId the topic's identifier
 * @param leaderEpoch the epoch in which it is asked
 * @param partitionEpoch the version of the state node that the change is based on
 * @param isr the replicas that are to be in sync
 */
public record IsrProposal(TopicPartition id, Uuid topicId, int leaderEpoch, int partitionEpoch, List<Member> isr) {
    /**
     * A replica that is to be in sync.
     *
     * @param brokerId its broker
     * @param brokerEpoch the life of that broker in which it has fetched, -1 if it is not known (KIP-903)
     */
    public record Member(int brokerId, long brokerEpoch) {}

    /** {@return the broker ids} */
    List<Integer> brokerIds() {
        return isr.stream().map(Member::brokerId).toList();
    }
}
