package io.odradek.core.coordinator.transaction;

import io.odradek.core.coordinator.transaction.TransactionState.Ongoing;
import io.odradek.core.coordinator.transaction.TransactionState.Prepare;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * AddPartitionsToTxn and AddOffsetsToTxn: pure decisions. The first partition begins a transaction.
 *
 * <p>INVALID_PRODUCER_ID_MAPPING for an id that is not known or belongs to another producer id; PRODUCER_FENCED for another
 * epoch; CONCURRENT_TRANSACTIONS while the transaction before is being ended, also to a producer that has been told the id with
 * which to go on after it.
 */
final class Participation {
    private Participation() {}

    /**
     * Decides what comes of adding partitions.
     *
     * @param present what is known of the id, null if nothing
     * @param clientVersion the version of transactions that the producer speaks
     */
    static Decision add(
            Transaction present,
            long producerId,
            short producerEpoch,
            SortedSet<TopicPartition> partitions,
            short clientVersion,
            long nowMs) {
        ErrorCode error = mayWrite(present, producerId, producerEpoch);
        if (error != ErrorCode.NONE) {
            return Decision.refuse(error);
        }
        TransactionState state = present.state();
        if (state instanceof Ongoing && state.partitions().containsAll(partitions)) {
            return new Decision.Stay(Verdict.goOnAs(present.producer()));
        }
        SortedSet<TopicPartition> all = new TreeSet<>(state.partitions());
        all.addAll(partitions);
        long startMs = state instanceof Ongoing ? state.startMs() : nowMs;
        Producer producer = present.producer().unchanged();
        Transaction next = present.becomes(producer, new Ongoing(all, startMs), nowMs, clientVersion);
        return new Decision.Change(next, Verdict.goOnAs(producer));
    }

    /**
     * {@return whether a partition is in the producer's transaction (KIP-890): NONE, TRANSACTION_ABORTABLE if it is not, or what
     * adding it would be refused with}
     */
    static ErrorCode verify(Transaction present, long producerId, short producerEpoch, TopicPartition partition) {
        ErrorCode error = mayWrite(present, producerId, producerEpoch);
        if (error != ErrorCode.NONE) {
            return error;
        }
        return present.state().partitions().contains(partition) ? ErrorCode.NONE : ErrorCode.TRANSACTION_ABORTABLE;
    }

    private static ErrorCode mayWrite(Transaction present, long producerId, short producerEpoch) {
        if (present == null) {
            return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        }
        boolean ending = present.state() instanceof Prepare || present.state() instanceof TransactionState.EpochFence;
        if (ending && present.producer().isNext(producerId, producerEpoch)) {
            return ErrorCode.CONCURRENT_TRANSACTIONS;
        }
        if (producerId != present.producer().id()) {
            return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        }
        if (producerEpoch != present.producer().epoch()) {
            return ErrorCode.PRODUCER_FENCED;
        }
        return ending ? ErrorCode.CONCURRENT_TRANSACTIONS : ErrorCode.NONE;
    }
}
