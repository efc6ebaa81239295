package io.odradek.core.partition;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * The producers of one partition whose transactions' coordinators are being asked whether they may write, before the first batch
 * of a transaction (KIP-890). Their next batches wait meanwhile, those of others do not. On the owner's loop; what waits here are
 * requests in work, of which there is a bounded number.
 */
public final class PendingVerifications {
    private Map<Long, Pending> byProducer = Map.of();

    /**
     * One of them. What the coordinator says holds until the end of a transaction of the producer is written: the next one may
     * have begun by then, or none.
     */
    public static final class Pending {
        private final long producerId;
        private final int firstEndEpoch;
        private final int leaderEpoch;
        private final Queue<Runnable> behind = new ArrayDeque<>();
        private boolean broken;

        private Pending(long producerId, int firstEndEpoch, int leaderEpoch) {
            this.producerId = producerId;
            this.firstEndEpoch = firstEndEpoch;
            this.leaderEpoch = leaderEpoch;
        }

        /** Has a task run once the answer has been acted on; it may begin anew. */
        public void after(Runnable task) {
            behind.add(task);
        }

        /** {@return whether the end of a transaction was written since the coordinator was asked} */
        public boolean hasEnded() {
            return broken;
        }

        /**
         * {@return whether nobody else can have led since} Another leader may have written the end, so the coordinator is to be
         * asked again; most often none has, as each death of a follower begins an epoch.
         */
        public boolean isOfLeaderEpoch(int present) {
            return present == leaderEpoch;
        }
    }

    /** {@return that of a producer, null if there is none} */
    public Pending of(long producerId) {
        return byProducer.get(producerId);
    }

    /**
     * The coordinator of a producer that has none is asked now.
     *
     * @param firstEndEpoch the lowest producer epoch in which the end of this transaction can be written; what is written in a
     *     lower one is the end of a transaction before
     */
    public Pending begin(long producerId, int firstEndEpoch, int leaderEpoch) {
        if (byProducer.isEmpty()) {
            byProducer = new HashMap<>();
        }
        Pending pending = new Pending(producerId, firstEndEpoch, leaderEpoch);
        byProducer.put(producerId, pending);
        return pending;
    }

    /** The answer has been acted on: lets those go on who wait. */
    public void end(Pending pending) {
        byProducer.remove(pending.producerId);
        pending.behind.forEach(Runnable::run);
    }

    /** The end of a transaction was written. */
    void transactionEnded(long producerId, short epoch) {
        Pending pending = of(producerId);
        if (pending != null && epoch >= pending.firstEndEpoch) {
            pending.broken = true;
        }
    }
}
