package io.odradek.core.coordinator.transaction;

import io.odradek.protocol.TopicPartition;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Where a transactional id stands (KIP-98).
 *
 * <pre>
 *                 a producer comes
 *               +-----------------+
 *               v                 |
 *   --------> EMPTY --------------+---+
 *   a producer  ^ |                   | partitions
 *   comes       | |                   v are added
 *               | |               ONGOING &lt;--+ partitions
 *               | |                 |  |  ---+ are added
 *               | | abort of        |  |
 *               | | nothing (v2)    |  | time is over, or another
 *               | |                 |  | producer comes: in the next epoch
 *               | |          commit |  | abort
 *               | |                 v  v
 *               | +------------> PREPARE (commit or abort) &lt;-------+
 *               |                   |                              | abort of
 *               |                   | markers are written          | nothing (v2)
 *   a producer  |                   v                              |
 *   comes       +---------------- COMPLETE (commit or abort) ------+
 *                                   |
 *                                   +-- partitions are added --> ONGOING
 *
 *   EMPTY, COMPLETE ---- not used for long ----> DEAD
 *   ONGOING ---- (never stored here) ----> EPOCH FENCE ---- time is over ----> PREPARE abort
 * </pre>
 *
 * With transactions v2 (KIP-890) each arrival in PREPARE is in the next epoch.
 */
public sealed interface TransactionState {
    /** Of states without a transaction. */
    long NO_START = -1;

    /** {@return the state by its number and name} */
    TransactionStatus status();

    /** {@return the partitions in the transaction, ascending, to be read only; none if there is no transaction} */
    default SortedSet<TopicPartition> partitions() {
        return Collections.emptySortedSet();
    }

    /** {@return when the transaction began, in ms since the epoch, {@link #NO_START} if there is none} */
    default long startMs() {
        return NO_START;
    }

    /** There is a producer, and no transaction of it. */
    record Empty() implements TransactionState {
        @Override
        public TransactionStatus status() {
            return TransactionStatus.EMPTY;
        }
    }

    /**
     * A transaction is open.
     *
     * @param partitions what it writes to
     * @param startMs when it began
     */
    record Ongoing(SortedSet<TopicPartition> partitions, long startMs) implements TransactionState {
        /** Keeps a copy of the partitions. */
        public Ongoing {
            partitions = copy(partitions);
        }

        @Override
        public TransactionStatus status() {
            return TransactionStatus.ONGOING;
        }
    }

    /**
     * It is decided how the transaction ends, and once this is committed nothing can change it. The partitions are being told.
     *
     * @param outcome how it ends
     * @param partitions what it wrote to; none where nothing was aborted
     * @param startMs when it began
     */
    record Prepare(Outcome outcome, SortedSet<TopicPartition> partitions, long startMs) implements TransactionState {
        /** Keeps a copy of the partitions. */
        public Prepare {
            partitions = copy(partitions);
        }

        @Override
        public TransactionStatus status() {
            return outcome.prepared();
        }
    }

    /**
     * The transaction has ended in all its partitions.
     *
     * @param outcome how it ended
     * @param startMs when it began
     */
    record Complete(Outcome outcome, long startMs) implements TransactionState {
        @Override
        public TransactionStatus status() {
            return outcome.complete();
        }
    }

    /**
     * A transaction that is to be aborted in a new epoch. Kafka goes through this in memory, between two states that it stores;
     * here that is one step. One that is read all the same is an open transaction to which nothing can be added.
     *
     * @param partitions what it wrote to
     * @param startMs when it began
     */
    record EpochFence(SortedSet<TopicPartition> partitions, long startMs) implements TransactionState {
        /** Keeps a copy of the partitions. */
        public EpochFence {
            partitions = copy(partitions);
        }

        @Override
        public TransactionStatus status() {
            return TransactionStatus.PREPARE_EPOCH_FENCE;
        }
    }

    /** The id is forgotten. Kafka goes through this in memory; one that is read stands for none. */
    record Dead() implements TransactionState {
        @Override
        public TransactionStatus status() {
            return TransactionStatus.DEAD;
        }
    }

    private static SortedSet<TopicPartition> copy(SortedSet<TopicPartition> partitions) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(partitions));
    }
}
