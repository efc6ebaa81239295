package io.odradek.core.partition;

import java.util.SortedMap;

/**
 * What this broker's replica of a partition does.
 *
 * <pre>
 *                 newer leader epoch: this broker
 *   Following  ------------------------------------>  Leading  --+  its epoch or a newer one: other
 *       |  ^                                           |  |  ^   |
 *       |  +-------- newer leader epoch: another ------+  |  +---+  replicas (in sync)
 *       |  |         or this broker's session has ended   |
 *       |  +----------------------------------------------+
 *       +--- deleted, or its folder failed ---> Offline &lt;-+
 * </pre>
 *
 * Offline is final: the replica serves again only after a restart of the broker.
 */
public sealed interface ReplicaRole {
    /** {@return the newest leader epoch this replica was told of} */
    int leaderEpoch();

    /**
     * It takes records from producers and answers fetches.
     *
     * @param leaderEpoch the epoch it leads in
     * @param sinceEpoch the one in which it began to lead: it has done nothing else since, and nothing was cut off its log
     * @param epochStartOffset the log's end when the epoch began
     * @param isr the in-sync replicas
     * @param followers the other replicas by broker id, and what is known of them
     */
    record Leading(
            int leaderEpoch, int sinceEpoch, long epochStartOffset, Isr isr, SortedMap<Integer, Replica> followers)
            implements ReplicaRole {
        /** {@return how many replicas the partition has} */
        int replicaCount() {
            return followers.size() + 1;
        }

        /** {@return whether enough are in sync} Where fewer are assigned than are asked for, all of them are, as in Kafka. */
        boolean hasEnoughInSync(int minInsyncReplicas) {
            return isr.size() >= Math.min(minInsyncReplicas, replicaCount());
        }
    }

    /**
     * It copies another broker's log.
     *
     * @param leaderEpoch the leader's epoch
     * @param leader broker id of the leader, -1 for none
     */
    record Following(int leaderEpoch, int leader) implements ReplicaRole {
        /** The leader of a replica that follows nobody, as there is none or this broker must not say so. */
        public static final int NOBODY = -1;

        // Written out, as in Uuid.
        @Override
        public boolean equals(Object other) {
            return other instanceof Following that && leaderEpoch == that.leaderEpoch && leader == that.leader;
        }

        @Override
        public int hashCode() {
            return 31 * leaderEpoch + leader;
        }
    }

    /**
     * It serves nobody.
     *
     * @param leaderEpoch the epoch it had last
     * @param reason why it stopped
     */
    record Offline(int leaderEpoch, Reason reason) implements ReplicaRole {}

    /** Why a replica is offline. */
    enum Reason {
        /** Its topic was deleted, or it was moved away. */
        REMOVED,
        /** Its log could not be read or written. */
        STORAGE_FAILURE
    }
}
