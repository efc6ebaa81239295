package io.odradek.core.coordinator.group;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Commits in transactions whose coordinator is being asked. One whose transaction ends in this log meanwhile must not be stored
 * any more: nobody would end it again, and its positions would be pending for ever. Lives on the shard's loop.
 */
final class TransactionGuards {
    private final NavigableMap<Long, List<Guard>> byProducer = new TreeMap<>();

    /** A commit that waits for an answer. */
    final class Guard {
        private final CommitTransaction transaction;
        private boolean broken;

        private Guard(CommitTransaction transaction) {
            this.transaction = transaction;
        }

        /** The answer has come. {@return whether the transaction has not ended meanwhile} */
        boolean release() {
            List<Guard> guards = byProducer.get(transaction.producerId());
            if (guards != null && guards.remove(this) && guards.isEmpty()) {
                byProducer.remove(transaction.producerId());
            }
            return !broken;
        }

        /** {@return whether it was set by these} */
        boolean isOf(TransactionGuards guards) {
            return guards == TransactionGuards.this;
        }
    }

    /** {@return a guard for a commit in a transaction} */
    Guard set(CommitTransaction transaction) {
        Guard guard = new Guard(transaction);
        byProducer
                .computeIfAbsent(transaction.producerId(), id -> new ArrayList<>())
                .add(guard);
        return guard;
    }

    /** The end of a transaction of a producer is written; it may be that of the one before. */
    void ended(long producerId, short epoch) {
        for (Guard guard : byProducer.getOrDefault(producerId, List.of())) {
            guard.broken |= epoch >= guard.transaction.firstEndEpoch();
        }
    }
}
