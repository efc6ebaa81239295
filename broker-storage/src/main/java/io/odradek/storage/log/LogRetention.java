package io.odradek.storage.log;

import java.io.IOException;

/**
 * Which of the oldest segments of a log go, by the rules of Kafka 3.9 and in its order: those that lie below the log's
 * start; those that leave the log at least {@code retention.bytes} without them; those whose largest timestamp is more than
 * {@code retention.ms} ago. The last two only with {@code cleanup.policy=delete}. No segment goes that has an offset at or
 * above the high watermark. The active segment goes by size or time if all others do and it is not empty: another one is
 * begun before. A pure function of the view it is given.
 */
final class LogRetention {
    private final Segments segments;
    private final Limits limits;

    private LogRetention(Segments segments, Limits limits) {
        this.segments = segments;
        this.limits = limits;
    }

    /** The segments of a log, oldest first; the last one is active. */
    interface Segments {
        /** A largest timestamp that is not in memory. */
        long UNREAD = Long.MIN_VALUE;

        int count();

        /** {@return the first offset of a segment; for the index after the last one, the end of the log} */
        long baseOffset(int index);

        long sizeBytes(int index);

        /** {@return the largest timestamp in a segment, that of its file if its records have none, or {@link #UNREAD}} */
        long largestTimestampMs(int index) throws IOException;
    }

    /**
     * What decides.
     *
     * @param startOffset where the log begins
     * @param highWatermark above it nothing goes
     * @param nowMs the wall clock
     * @param retentionMs -1 for no limit
     * @param retentionBytes -1 for no limit
     * @param mostSegments how many go at once, at most
     */
    record Limits(
            long startOffset, long highWatermark, long nowMs, long retentionMs, long retentionBytes, int mostSegments) {
        /** {@return the limits that a log's settings give} */
        static Limits of(LogConfig config, long startOffset, long highWatermark, long nowMs, int mostSegments) {
            return new Limits(
                    startOffset,
                    highWatermark,
                    nowMs,
                    config.deletesNow() ? config.retentionMs() : -1,
                    config.deletesNow() ? config.retentionBytes() : -1,
                    mostSegments);
        }
    }

    /**
     * What goes.
     *
     * @param byStart how many segments go because they lie below the log's start
     * @param bySize how many of the next go by size
     * @param byTime how many of the next go by time
     * @param unread whether the segment after these must be asked for its timestamp before more can be said
     */
    record Decision(int byStart, int bySize, int byTime, boolean unread) {
        int segments() {
            return byStart + bySize + byTime;
        }
    }

    static Decision decide(Segments segments, Limits limits) throws IOException {
        LogRetention retention = new LogRetention(segments, limits);
        int byStart = retention.belowStart();
        int bySize = retention.oversized(byStart) - byStart;
        int next = byStart + bySize;
        boolean unread = false;
        while (limits.retentionMs() >= 0 && retention.mayGo(next)) {
            long timestampMs = segments.largestTimestampMs(next);
            unread = timestampMs == Segments.UNREAD;
            // As a difference: a timestamp may be anything.
            if (unread || limits.nowMs() - timestampMs <= limits.retentionMs()) {
                break;
            }
            next++;
        }
        return new Decision(byStart, bySize, next - byStart - bySize, unread);
    }

    private int belowStart() {
        int next = 0;
        while (next < segments.count() - 1 && segments.baseOffset(next + 1) <= limits.startOffset() && mayGo(next)) {
            next++;
        }
        return next;
    }

    private int oversized(int first) {
        int next = first;
        if (limits.retentionBytes() < 0) {
            return next;
        }
        long excessBytes = -limits.retentionBytes();
        for (int i = first; i < segments.count(); i++) {
            excessBytes += segments.sizeBytes(i);
        }
        while (mayGo(next) && segments.sizeBytes(next) <= excessBytes) {
            excessBytes -= segments.sizeBytes(next);
            next++;
        }
        return next;
    }

    private boolean mayGo(int index) {
        boolean last = index == segments.count() - 1;
        return index < Math.min(segments.count(), limits.mostSegments())
                && segments.baseOffset(index + 1) <= limits.highWatermark()
                && !(last && segments.sizeBytes(index) == 0);
    }
}
