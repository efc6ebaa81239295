package io.odradek.core.fetch;

import io.odradek.protocol.api.FetchRequest.FetchPartition;

/**
 * What a fetch asks of one partition.
 *
 * @param target the partition
 * @param fetchOffset the first offset wanted
 * @param maxBytes upper bound in bytes
 * @param currentLeaderEpoch the leader epoch the client believes in, -1 for none
 * @param lastFetchedEpoch the epoch of the last record the client has, -1 for none
 * @param logStartOffset where a follower's log begins, -1 for a consumer
 */
public record FetchWish(
        FetchTarget target,
        long fetchOffset,
        int maxBytes,
        int currentLeaderEpoch,
        int lastFetchedEpoch,
        long logStartOffset) {
    /** {@return the same from a later offset on, and with no less than so many bytes} */
    public FetchWish readFurther(long offset, int atLeastBytes) {
        return new FetchWish(
                target, offset, Math.max(maxBytes, atLeastBytes), currentLeaderEpoch, lastFetchedEpoch, logStartOffset);
    }

    static FetchWish of(FetchTarget target, FetchPartition asked) {
        return new FetchWish(
                target,
                asked.fetchOffset(),
                Math.max(0, asked.partitionMaxBytes()),
                asked.currentLeaderEpoch(),
                asked.lastFetchedEpoch(),
                asked.logStartOffset());
    }
}
