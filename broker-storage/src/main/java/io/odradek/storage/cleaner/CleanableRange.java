package io.odradek.storage.cleaner;

import io.odradek.storage.log.LogConfig;
import java.util.List;

/**
 * Which part of a log is clean, which is dirty, and how far the dirty part may be cleaned: whole closed segments below the
 * last stable offset, and only such that {@code min.compaction.lag.ms} allows.
 *
 * @param firstDirtyOffset where the dirty part begins
 * @param checkpointWrong whether the checkpoint lies outside the log, so that the log is taken as dirty from its start
 * @param endOffset where what may be cleaned ends, exclusive: the base offset of a segment, or the first dirty offset
 * @param cleanBytes the segments that begin before the dirty part
 * @param cleanableBytes the segments with dirty records that may be cleaned
 * @param overdueMs by how much the oldest dirty record is older than {@code max.compaction.lag.ms}, 0 if it is not
 */
record CleanableRange(
        long firstDirtyOffset,
        boolean checkpointWrong,
        long endOffset,
        long cleanBytes,
        long cleanableBytes,
        long overdueMs) {
    /**
     * A segment as far as the choice is concerned.
     *
     * @param baseOffset its base offset
     * @param sizeBytes its size
     * @param firstTimestampMs the timestamp of its first batch, -1 if there is none or the settings do not ask for it
     * @param largestTimestampMs the largest timestamp in it, -1 likewise
     */
    record Piece(long baseOffset, long sizeBytes, long firstTimestampMs, long largestTimestampMs) {}

    /**
     * What there is of a log.
     *
     * @param startOffset its first offset
     * @param endOffset the offset after its last record
     * @param stableOffset below it everything is committed and on the disk, and of each transaction the end as well
     * @param pieces all segments, the last of them active
     */
    record Shape(long startOffset, long endOffset, long stableOffset, List<Piece> pieces) {}

    /** The checkpoint of a log that has none. */
    static final long NO_CHECKPOINT = -1;

    static CleanableRange of(Shape log, long checkpoint, LogConfig config, long nowMs) {
        boolean wrong = checkpoint != NO_CHECKPOINT && (checkpoint < log.startOffset || checkpoint > log.endOffset);
        long firstDirty = wrong || checkpoint == NO_CHECKPOINT ? log.startOffset : checkpoint;
        int firstPiece = floor(log.pieces, firstDirty);
        int endPiece = endPiece(log, firstPiece, config, nowMs);
        long cleanBytes = 0;
        long cleanableBytes = 0;
        long oldestMs = Long.MAX_VALUE;
        for (int i = 0; i < log.pieces.size(); i++) {
            Piece piece = log.pieces.get(i);
            if (piece.baseOffset < firstDirty) {
                cleanBytes += piece.sizeBytes;
            }
            if (i >= firstPiece && i < log.pieces.size() - 1 && piece.firstTimestampMs > 0) {
                oldestMs = Math.min(oldestMs, piece.firstTimestampMs);
            }
            if (i >= firstPiece && i < endPiece) {
                cleanableBytes += piece.sizeBytes;
            }
        }
        long end = Math.max(firstDirty, log.pieces.get(endPiece).baseOffset);
        long dueMs = nowMs - Math.max(config.maxCompactionLagMs(), 0);
        long overdueMs = oldestMs < dueMs ? dueMs - oldestMs : 0;
        return new CleanableRange(firstDirty, wrong, end, cleanBytes, end > firstDirty ? cleanableBytes : 0, overdueMs);
    }

    /** {@return the index of the first piece that may not be cleaned} */
    private static int endPiece(Shape log, int firstPiece, LogConfig config, long nowMs) {
        int active = log.pieces.size() - 1;
        int end = Math.min(active, Math.max(0, floor(log.pieces, log.stableOffset)));
        if (config.minCompactionLagMs() > 0) {
            long youngMs = nowMs - config.minCompactionLagMs();
            for (int i = firstPiece; i < end; i++) {
                if (log.pieces.get(i).largestTimestampMs > youngMs) {
                    return i;
                }
            }
        }
        return end;
    }

    private static int floor(List<Piece> pieces, long offset) {
        int found = 0;
        while (found + 1 < pieces.size() && pieces.get(found + 1).baseOffset <= offset) {
            found++;
        }
        return found;
    }

    /** {@return the cleanable bytes as a share of them and the clean ones} */
    double dirtyRatio() {
        long total = cleanBytes + cleanableBytes;
        return total == 0 ? 0 : (double) cleanableBytes / total;
    }

    /** {@return whether the log should be cleaned now} */
    boolean due(double minDirtyRatio) {
        return cleanableBytes > 0 && (overdueMs > 0 || dirtyRatio() > minDirtyRatio);
    }
}
