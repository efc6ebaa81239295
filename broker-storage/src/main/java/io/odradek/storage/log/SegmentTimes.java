package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import java.io.IOException;

/** The timestamps of a segment: when it began, and the largest so far with the last offset of the batch that has it. */
final class SegmentTimes {
    private final long createdMs;
    private long firstTimestampMs = RecordBatch.NO_TIMESTAMP;
    private long maxTimestampMs = RecordBatch.NO_TIMESTAMP;
    private long offsetOfMaxTimestamp = -1;

    private SegmentTimes(long createdMs) {
        this.createdMs = createdMs;
    }

    static SegmentTimes empty(long createdMs) {
        return new SegmentTimes(createdMs);
    }

    /**
     * {@return the timestamps of a segment: the last time entry, and the batches after it} If the entry was not made by this
     * process, others may be missing after it, so that all of the batches after it must be looked at, not only those after
     * the last entry of the offset index.
     */
    static SegmentTimes load(LogSegment segment, BatchScanner scanner) throws IOException {
        SegmentTimes times = new SegmentTimes(segment.createdMs());
        if (segment.sizeBytes() == 0) {
            return times;
        }
        if (scanner.start(segment.file(), 0, segment.sizeBytes()).next()) {
            times.add(scanner);
        }
        int last = segment.timeIndex().entries() - 1;
        if (last >= 0 && !segment.indexesBuilt()) {
            boolean agrees = segment.lookup().agrees(scanner, segment.timeIndex(), last);
            if (!agrees && !segment.indexesBuilt()) {
                segment.rebuildIndexes("the last entry of the time index does not agree with the batches");
            }
            if (segment.indexesBuilt()) {
                // Perhaps by the look-up, for an entry of the other index: then there are more entries than before.
                return segment.times();
            }
        }
        long from = segment.baseOffset();
        if (last >= 0) {
            from = segment.timeIndex().offset(last);
            times.add(segment.timeIndex().key(last), from);
        }
        int offsetEntries = segment.offsetIndex().entries();
        if (offsetEntries > 0 && segment.indexesBuilt()) {
            from = Math.max(from, segment.baseOffset() + segment.offsetIndex().key(offsetEntries - 1));
        }
        boolean found = segment.seek(scanner, from);
        while (found) {
            times.add(scanner);
            found = scanner.next();
        }
        if (scanner.problem() != null) {
            throw segment.damaged(scanner);
        }
        return times;
    }

    void add(BatchScanner scanner) {
        add(
                RecordBatch.maxTimestamp(scanner.buffer(), scanner.at()),
                RecordBatch.lastOffset(scanner.buffer(), scanner.at()));
    }

    void add(long timestampMs, long lastOffset) {
        if (firstTimestampMs < 0) {
            firstTimestampMs = timestampMs;
        }
        if (timestampMs > maxTimestampMs) {
            maxTimestampMs = timestampMs;
            offsetOfMaxTimestamp = lastOffset;
        }
    }

    /** {@return how long the segment has been waiting to be rolled: in the records' time, else in the broker's} */
    long ageMs(long nowMs, long timestampMs) {
        return firstTimestampMs >= 0 && timestampMs >= 0 ? timestampMs - firstTimestampMs : nowMs - createdMs;
    }

    long firstTimestampMs() {
        return firstTimestampMs;
    }

    long maxTimestampMs() {
        return maxTimestampMs;
    }

    long offsetOfMaxTimestamp() {
        return offsetOfMaxTimestamp;
    }
}
