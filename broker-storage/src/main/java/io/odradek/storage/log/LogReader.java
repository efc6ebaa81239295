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
 * What is lost of a segment is passed over: the next batch that can be read is given, as it is where cleaning has left a gap.
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
                long endPosition = endPosition(segments, i, bound, maxBytes);
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
        // Not any offset of that batch: one that is damaged may claim those of later ones.
        if (start.segment == segment && start.baseOffset == offset) {
            if (holdsBytes(segment)) {
                return true;
            }
            forget();
        }
        if (nextSegment == segment && nextOffset == offset && nextPosition < segment.sizeBytes()) {
            start.set(segment, offset, nextPosition);
            return true;
        }
        BatchScanner scanner = log.scanner();
        if (segment.nextBaseOffset() != Long.MAX_VALUE) {
            holdsBytes(segment);
        }
        if (!segment.lookup().seekReadable(scanner, offset)) {
            return false;
        }
        start.set(segment, scanner);
        return true;
    }

    /**
     * {@return whether the file still has what was resolved} A client whose answer could not be sent, because somebody has cut
     * or deleted the file, asks again for the same offset; one that goes on does not come here.
     */
    private static boolean holdsBytes(LogSegment segment) throws IOException {
        try {
            return segment.hasItsBytes();
        } catch (DamagedSegmentException e) {
            return false;
        }
    }

    /** {@return where the batches end that lie below the bound as a whole} */
    private long endPosition(LogSegment[] segments, int index, long bound, int maxBytes) throws IOException {
        LogSegment segment = segments[index];
        long segmentEnd = index + 1 < segments.length ? segments[index + 1].baseOffset() : log.endOffset;
        if (bound >= segmentEnd) {
            return segment.sizeBytes();
        }
        if (end.segment == segment && end.baseOffset <= bound && bound <= end.lastOffset) {
            return Math.min(end.position, segment.sizeBytes());
        }
        BatchScanner scanner = log.scanner();
        try {
            if (!segment.seek(scanner, bound)) {
                return segment.sizeBytes();
            }
        } catch (DamagedSegmentException e) {
            return walkTo(segment, bound, maxBytes);
        }
        end.set(segment, scanner);
        return end.position;
    }

    /** {@return where the batches end that can be read one after the other from the start on, lie below the bound, and suffice} */
    private long walkTo(LogSegment segment, long bound, int maxBytes) throws IOException {
        BatchScanner scanner = log.scanner().start(segment.file(), start.position, segment.sizeBytes());
        boolean found = scanner.next();
        while (found
                && RecordBatch.lastOffset(scanner.buffer(), scanner.at()) < bound
                && scanner.position() - start.position < maxBytes) {
            found = scanner.next();
        }
        return scanner.position();
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
