package io.odradek.core.partition;

import java.util.List;

/**
 * The in-sync replicas of a partition, as its leader knows them (KIP-497).
 *
 * <pre>
 *              the leader proposes another set
 *   Settled  ------------------------------------>  Changing  --+  the outcome is not known
 *      ^                                               |  ^     |
 *      |   the controller has answered, or refused     |  +-----+
 *      +--- for good, or told of a later state --------+
 * </pre>
 *
 * While a change is under way the controller may have either set on record, so whatever is to be on every in-sync replica
 * has to be on those of both: the high watermark waits for the larger one, and what needs enough replicas in sync counts
 * those of the settled one.
 */
public sealed interface Isr {
    /** {@return the broker ids that were in sync when the controller told last, in its order} */
    List<Integer> committed();

    /** {@return the version of the state node that this was read from} */
    int partitionEpoch();

    /** {@return whether the controller may have a replica on record as in sync} */
    boolean mayContain(int brokerId);

    /** {@return how many replicas are in sync, the leader included} */
    default int size() {
        return committed().size();
    }

    /** No change is under way. */
    record Settled(List<Integer> committed, int partitionEpoch) implements Isr {
        /** Copies the list. */
        public Settled {
            committed = List.copyOf(committed);
        }

        @Override
        public boolean mayContain(int brokerId) {
            return committed.contains(brokerId);
        }
    }

    /**
     * A change is under way.
     *
     * @param proposed the broker ids that are to be in sync
     */
    record Changing(List<Integer> committed, int partitionEpoch, List<Integer> proposed) implements Isr {
        /** Copies the lists. */
        public Changing {
            committed = List.copyOf(committed);
            proposed = List.copyOf(proposed);
        }

        @Override
        public boolean mayContain(int brokerId) {
            return committed.contains(brokerId) || proposed.contains(brokerId);
        }
    }
}
