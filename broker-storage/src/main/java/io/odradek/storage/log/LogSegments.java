package io.odradek.storage.log;

import java.io.IOException;
import java.util.Arrays;

/** The segments of a log, by base offset; the last one is appended to. Changed by the log's owner, read anywhere. */
final class LogSegments {
    private static final LogSegment[] NONE = {};

    private volatile LogSegment[] all = NONE;

    /** {@return the segments, oldest first; not to be changed} */
    LogSegment[] all() {
        return all;
    }

    LogSegment first() {
        return all[0];
    }

    /** {@return the segment that is appended to} */
    LogSegment active() {
        LogSegment[] current = all;
        return current[current.length - 1];
    }

    /** {@return the index of the last segment that begins at or before an offset, or -1} */
    int floorIndex(long offset) {
        LogSegment[] current = all;
        int low = 0;
        int high = current.length - 1;
        if (high >= 0 && current[high].baseOffset() <= offset) {
            return high;
        }
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (current[middle].baseOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    void add(LogSegment segment) {
        LogSegment[] grown = Arrays.copyOf(all, all.length + 1);
        grown[grown.length - 1] = segment;
        if (grown.length > 1) {
            grown[grown.length - 2].nextBaseOffset(segment.baseOffset());
        }
        all = grown;
    }

    /** Keeps the first segments only. {@return the others} */
    LogSegment[] keepFirst(int count) {
        LogSegment[] before = all;
        set(Arrays.copyOf(before, count));
        return Arrays.copyOfRange(before, count, before.length);
    }

    /** Takes out the first segments. {@return these} */
    LogSegment[] dropFirst(int count) {
        LogSegment[] before = all;
        if (count <= 0) {
            return NONE;
        }
        set(Arrays.copyOfRange(before, count, before.length));
        return Arrays.copyOf(before, count);
    }

    /** Every segment knows where the next one begins. */
    private void set(LogSegment[] segments) {
        for (int i = segments.length - 1; i >= 0; i--) {
            long next = i + 1 < segments.length ? segments[i + 1].baseOffset() : Long.MAX_VALUE;
            segments[i].nextBaseOffset(next);
        }
        all = segments;
    }

    /** Puts one segment in the place of some. */
    void replace(int from, int to, LogSegment segment) {
        LogSegment[] before = all;
        LogSegment[] after = new LogSegment[before.length - (to - from) + 1];
        System.arraycopy(before, 0, after, 0, from);
        after[from] = segment;
        System.arraycopy(before, to, after, from + 1, before.length - to);
        set(after);
    }

    /** Closes the files of all segments, whatever happens, writing nothing. */
    void close() throws IOException {
        IOException failure = null;
        for (LogSegment segment : all) {
            try {
                segment.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    long sizeBytes() {
        long sum = 0;
        for (LogSegment segment : all) {
            sum += segment.sizeBytes();
        }
        return sum;
    }
}
