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

    /** It leads, and did not before. */
    void elected(Partition partition);

    /** It leads no longer. */
    void resigned(Partition partition);
}
