package io.odradek.storage.log;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.log.Log.FetchedData;
import java.io.IOException;

/**
 * Resolves offsets to slices of files. It remembers the last start and the last end it resolved: a consumer that asks again
 * costs nothing, one that goes on costs a look at the index block it was in before, and the end of the log is known anyway.
 */
final class LogReader {
    private static final FetchedData NOTHING = new FetchedData(BytesPayload.EMPTY, 0);

    private final LogState log;
    private final Resolved start = new Resolved();
    private final Resolved end = new Resolved();
    private LogSegment nextSegment;
    private long nextOffset;
    private long nextPosition;

    LogReader(LogState log) {
        this.log = log;
    }

    FetchedData read(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) throws IOException {
        long logEnd = log.endOffset;
        if (offset < log.startOffset || offset > logEnd) {
            throw new ApiException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    log.id + " holds offsets " + log.startOffset + " to " + logEnd + ", not " + offset);
        }
        long bound = Math.min(endOffset, logEnd);
        if (offset >= bound) {
            return NOTHING;
        }
        LogSegment[] segments = log.segments.all();
        for (int i = log.segments.floorIndex(offset); i < segments.length; i++) {
            LogSegment segment = segments[i];
            if (segment.baseOffset() >= bound) {
                return NOTHING;
            }
            if (locate(segment, offset)) {
                long endPosition = endPosition(segments, i, bound);
                return slice(segment, bound, endPosition, maxBytes, atLeastOneBatch);
            }
        }
        return NOTHING;
    }

    private FetchedData slice(LogSegment segment, long bound, long endPosition, int maxBytes, boolean atLeastOneBatch)
            throws IOException {
        long available = endPosition - start.position;
        if (available <= 0) {
            return NOTHING;
        }
        int wanted = Math.max(maxBytes, 0);
        if (atLeastOneBatch && wanted < available) {
            wanted = Math.max(wanted, start.sizeBytes(log.scanner()));
        }
        int size = (int) Math.min(available, wanted);
        if (size == available) {
            nextSegment = segment;
            nextOffset = bound;
            nextPosition = endPosition;
        }
        return size == 0 ? NOTHING : new FetchedData(new FileSlice(segment.file(), start.position, size), size);
    }

    private boolean locate(LogSegment segment, long offset) throws IOException {
        if (start.segment == segment && start.baseOffset <= offset && offset <= start.lastOffset) {
            return true;
        }
        if (nextSegment == segment && nextOffset == offset && nextPosition < segment.sizeBytes()) {
            start.set(segment, offset, nextPosition);
            return true;
        }
        BatchScanner scanner = log.scanner();
        if (!segment.seek(scanner, offset)) {
            return false;
        }
        start.set(segment, scanner);
        return true;
    }

    /** {@return where the batches end that lie below the bound as a whole} */
    private long endPosition(LogSegment[] segments, int index, long bound) throws IOException {
        LogSegment segment = segments[index];
        long segmentEnd = index + 1 < segments.length ? segments[index + 1].baseOffset() : log.endOffset;
        if (bound >= segmentEnd) {
            return segment.sizeBytes();
        }
        if (end.segment == segment && end.baseOffset <= bound && bound <= end.lastOffset) {
            return end.position;
        }
        BatchScanner scanner = log.scanner();
        if (!segment.seek(scanner, bound)) {
            return segment.sizeBytes();
        }
        end.set(segment, scanner);
        return end.position;
    }

    /** Forgets what was resolved, as segments have changed. */
    void forget() {
        start.segment = null;
        end.segment = null;
        nextSegment = null;
    }

    /** A batch whose place is known. */
    private static final class Resolved {
        private static final int UNKNOWN = -1;

        private LogSegment segment;
        private long baseOffset;
        private long lastOffset;
        private long position;
        private int sizeBytes;

        void set(LogSegment newSegment, BatchScanner scanner) {
            segment = newSegment;
            baseOffset = RecordBatch.baseOffset(scanner.buffer(), scanner.at());
            lastOffset = RecordBatch.lastOffset(scanner.buffer(), scanner.at());
            position = scanner.position();
            sizeBytes = scanner.sizeBytes();
        }

        /** Takes a batch of which only is known where it begins and one of its offsets. */
        void set(LogSegment newSegment, long offset, long newPosition) {
            segment = newSegment;
            baseOffset = offset;
            lastOffset = offset;
            position = newPosition;
            sizeBytes = UNKNOWN;
        }

        int sizeBytes(BatchScanner scanner) throws IOException {
            if (sizeBytes == UNKNOWN) {
                if (!scanner.start(segment.file(), position, segment.sizeBytes())
                        .next()) {
                    throw new DamagedSegmentException(segment.file().path() + " is damaged at byte " + position);
                }
                set(segment, scanner);
            }
            return sizeBytes;
        }
    }
}
