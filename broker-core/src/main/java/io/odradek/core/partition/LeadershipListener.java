package io.odradek.core.partition;

/** Told, on the owner's loop, when a replica starts and stops to lead. */
interface LeadershipListener {
    /** Nobody wants to know. */
    LeadershipListener NONE = new LeadershipListener() {
        @Override
        public void elected(Partition partition) {
            // Nobody wants to know.
        }

        @Override
        public void resigned(Partition partition) {
            // Nobody wants to know.
        }
    };

    /** It leads, in a new epoch. */
    void elected(Partition partition);

    /** It leads no longer, or no longer in that epoch. */
    void resigned(Partition partition);
}
