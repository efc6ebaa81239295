package io.odradek.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Looks at all batches of a segment, and puts what is wrong with it into words. */
final class SegmentCheck {
    private static final int CHUNK_BYTES = 64 * 1024;

    private SegmentCheck() {}

    /** {@return what is wrong, null for nothing} Reads all of the segment. */
    static String problemOf(LogSegment segment) throws IOException {
        BatchScanner scanner = new BatchScanner(ByteBuffer.allocate(CHUNK_BYTES));
        try {
            scanner.start(segment.file(), 0, segment.sizeBytes()).expect(segment.baseOffset());
            while (scanner.next() && scanner.hasValidCrc()) {
                continue;
            }
        } catch (DamagedSegmentException e) {
            return e.getMessage();
        }
        return problemOf(segment, scanner);
    }

    /** {@return what is wrong with a segment that a scanner has walked, null for nothing} */
    static String problemOf(LogSegment segment, BatchScanner scanner) {
        if (scanner.problem() != null) {
            return say(segment, scanner);
        }
        return scanner.nextOffset() > segment.nextBaseOffset()
                ? segment.path() + " is damaged: it ends at offset " + scanner.nextOffset()
                        + ", the next segment begins at " + segment.nextBaseOffset()
                : null;
    }

    /** {@return the problem that ended a scanner's walk through a segment} */
    static String say(LogSegment segment, BatchScanner scanner) {
        return segment.path() + " is damaged at byte " + scanner.position() + ": " + scanner.problem();
    }
}
