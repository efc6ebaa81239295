package io.odradek.core.verification;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whether a producer may write to partitions in its transaction (KIP-890).
 *
 * @param transactionalId the producer's name for its transactions
 * @param producerId its id
 * @param producerEpoch its epoch
 * @param partitions where it writes to, one at least
 * @param adds whether partitions that are not in the transaction are to be added to it: with transactions v2
 */
public record TransactionQuestion(
        String transactionalId,
        long producerId,
        short producerEpoch,
        SortedSet<TopicPartition> partitions,
        boolean adds) {
    /** Keeps a copy of the partitions. */
    public TransactionQuestion {
        partitions = Collections.unmodifiableSortedSet(new TreeSet<>(partitions));
    }

    /** {@return whether another question differs in its partitions at most, so that both can be asked as one} */
    boolean asksAlike(TransactionQuestion other) {
        return transactionalId.equals(other.transactionalId)
                && producerId == other.producerId
                && producerEpoch == other.producerEpoch
                && adds == other.adds;
    }

    /** {@return the same answer for each partition} */
    public SortedMap<TopicPartition, ErrorCode> all(ErrorCode error) {
        SortedMap<TopicPartition, ErrorCode> errors = new TreeMap<>();
        partitions.forEach(id -> errors.put(id, error));
        return errors;
    }
}
