package io.odradek.core.partition;

import io.odradek.storage.log.Log.EpochEndOffset;

/** Where a follower's log is cut that has left its leader's (KIP-101, KIP-279). Pure. */
final class Divergence {
    private Divergence() {}

    /**
     * {@return where to cut}
     *
     * @param leaders an epoch, and where it ends in the leader's log
     * @param own the largest epoch of this log that is not above it, and where it ends here; -1 and -1 if there is none
     * @param endOffset the end of this log
     */
    static long cut(EpochEndOffset leaders, EpochEndOffset own, long endOffset) {
        if (own.endOffset() < 0) {
            return Math.min(leaders.endOffset(), endOffset);
        }
        if (own.leaderEpoch() != leaders.leaderEpoch()) {
            // What is here of epochs between the two, the leader does not have.
            return Math.min(own.endOffset(), endOffset);
        }
        return Math.min(Math.min(own.endOffset(), leaders.endOffset()), endOffset);
    }
}
