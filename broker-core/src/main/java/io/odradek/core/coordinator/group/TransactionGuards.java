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
        private final long producerId;
        private boolean broken;

        private Guard(long producerId) {
            this.producerId = producerId;
        }

        /** The answer has come. {@return whether the transaction has not ended meanwhile} */
        boolean release() {
            List<Guard> guards = byProducer.get(producerId);
            if (guards != null && guards.remove(this) && guards.isEmpty()) {
                byProducer.remove(producerId);
            }
            return !broken;
        }

        /** {@return whether it was set by these} */
        boolean isOf(TransactionGuards guards) {
            return guards == TransactionGuards.this;
        }
    }

    /** {@return a guard for a commit of a producer} */
    Guard set(long producerId) {
        Guard guard = new Guard(producerId);
        byProducer.computeIfAbsent(producerId, id -> new ArrayList<>()).add(guard);
        return guard;
    }

    /** A transaction of a producer has ended. */
    void ended(long producerId) {
        List<Guard> guards = byProducer.remove(producerId);
        if (guards != null) {
            guards.forEach(guard -> guard.broken = true);
        }
    }
}
