package io.odradek.core.fetch;

import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ErrorCode;

/** A partition of a session: what the client wants of it, and what it was told last. */
final class CachedPartition {
    private static final long NOT_TOLD = -1;

    private FetchWish wish;
    private long highWatermark = NOT_TOLD;
    private long logStartOffset = NOT_TOLD;

    CachedPartition(FetchWish wish) {
        this.wish = wish;
    }

    FetchWish wish() {
        return wish;
    }

    /** The client changed what it wants; what it was told stays. */
    void wish(FetchWish changed) {
        wish = changed;
    }

    /**
     * Whether the client must be told, because there are records, an error, a divergence, or offsets it does not know. After
     * an error the partition is told again whatever it is, so that the client sees that it is well.
     */
    boolean mustTell(PartitionData data) {
        boolean tell = data.highWatermark() != highWatermark
                || data.logStartOffset() != logStartOffset
                || data.records() != null && data.records().sizeBytes() > 0
                || data.preferredReadReplica() != -1
                || data.divergingEpoch().epoch() != -1
                || data.errorCode() != ErrorCode.NONE;
        highWatermark = data.errorCode() == ErrorCode.NONE ? data.highWatermark() : NOT_TOLD;
        logStartOffset = data.logStartOffset();
        return tell;
    }
}
