package io.odradek.core.coordinator.transaction;

import io.odradek.protocol.TopicPartition;
import java.util.SortedSet;

/**
 * A transaction whose outcome is stored for good, and which its partitions are to be told of.
 *
 * @param producerId whose it was
 * @param producerEpoch the epoch of the markers: with transactions v2, and where a producer is fenced, the one after that in
 *     which it was written
 * @param outcome how it ends
 * @param partitions what it wrote to, ascending
 * @param coordinatorEpoch the leader epoch of the coordinator's partition, by which partitions know a coordinator that is one
 *     no longer
 * @param clientVersion the version of transactions that its producer spoke
 */
public record EndedTransaction(
        long producerId,
        short producerEpoch,
        Outcome outcome,
        SortedSet<TopicPartition> partitions,
        int coordinatorEpoch,
        short clientVersion) {
    /** {@return whether the markers are in a later epoch than what they end, in any case} */
    public boolean raisesEpoch() {
        return Transaction.epochEach(clientVersion);
    }
}
