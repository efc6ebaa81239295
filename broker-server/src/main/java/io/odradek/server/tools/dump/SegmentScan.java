package io.odradek.server.tools.dump;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.legacy.LegacyMessage;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.log.BatchScanner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out what of a segment's file is whole: batches with right checksums whose offsets grow and stay below the next
 * segment's. Where something else stands, it looks for the next such batch byte by byte.
 */
final class SegmentScan {
    private static final int CHUNK_BYTES = 1 << 16;
    private static final long LEAST_BUDGET_BYTES = 1L << 28;
    private static final int BUDGET_TIMES = 8;

    /**
     * A part of a file.
     *
     * @param from where it begins, in bytes
     * @param to where it ends
     */
    record Range(long from, long to) {
        long sizeBytes() {
            return to - from;
        }
    }

    /**
     * A part that is no batches.
     *
     * @param bytes where it lies
     * @param why what is wrong at its beginning
     * @param firstOffset the first offset that may have been in it
     * @param nextOffset the offset at which what can be read goes on
     */
    record Damage(Range bytes, String why, long firstOffset, long nextOffset) {}

    private final List<Range> whole = new ArrayList<>();
    private final List<Damage> damages = new ArrayList<>();
    private final LogFile file;
    private final long size;
    private final long nextBaseOffset;
    private final BatchScanner scanner = new BatchScanner(ByteBuffer.allocate(CHUNK_BYTES));
    private final ByteBuffer header = ByteBuffer.allocate(RecordBatch.HEADER_SIZE);
    private final ByteBuffer window = ByteBuffer.allocate(CHUNK_BYTES);
    private long windowAt;
    private long budgetBytes;
    private long nextOffset;
    private String problem;

    private SegmentScan(LogFile file, long size, long baseOffset, long nextBaseOffset) {
        this.file = file;
        this.size = size;
        this.nextBaseOffset = nextBaseOffset;
        this.nextOffset = baseOffset;
        this.budgetBytes = Math.max(LEAST_BUDGET_BYTES, BUDGET_TIMES * size);
        window.limit(0);
    }

    /**
     * Scans a file.
     *
     * @param baseOffset the offset in its name
     * @param nextBaseOffset the offset in the next one's, the largest for the last
     */
    static SegmentScan of(LogFile file, long baseOffset, long nextBaseOffset) throws IOException {
        SegmentScan scan = new SegmentScan(file, file.sizeBytes(), baseOffset, nextBaseOffset);
        scan.run();
        return scan;
    }

    /** {@return the parts that are whole batches, in their order} */
    List<Range> whole() {
        return whole;
    }

    /** {@return the parts that are not} */
    List<Damage> damages() {
        return damages;
    }

    /** {@return the offset after the last whole batch, the base offset if there is none} */
    long nextOffset() {
        return nextOffset;
    }

    private void run() throws IOException {
        long at = 0;
        while (at < size) {
            long end = walk(at);
            if (end > at) {
                whole.add(new Range(at, end));
            }
            if (end == size) {
                return;
            }
            long firstLost = nextOffset;
            String why = problem;
            at = search(end + 1);
            long goesOn = at < size ? RecordBatch.baseOffset(scanner.buffer(), scanner.at()) : nextBaseOffset;
            damages.add(new Damage(new Range(end, at), why, firstLost, goesOn));
        }
    }

    /** {@return where the batches end that follow each other from a position on} */
    private long walk(long from) throws IOException {
        scanner.start(file, from, size).expect(nextOffset);
        while (scanner.next()) {
            if (!fits()) {
                return scanner.position();
            }
            nextOffset = RecordBatch.nextOffset(scanner.buffer(), scanner.at());
        }
        problem = scanner.problem();
        return scanner.position();
    }

    /** {@return whether the scanner's batch is whole, and what comes after it agrees with its offsets} No checksum covers these. */
    private boolean fits() throws IOException {
        if (!scanner.hasValidCrc()) {
            problem = scanner.problem();
            return false;
        }
        long base = RecordBatch.baseOffset(scanner.buffer(), scanner.at());
        long next = RecordBatch.nextOffset(scanner.buffer(), scanner.at());
        boolean contradicted = base > nextOffset && followerBegins(scanner.position() + scanner.sizeBytes()) < next;
        if (base < nextOffset || next > nextBaseOffset || contradicted) {
            problem = "a batch says that it has offsets " + base + " to " + (next - 1) + ", which others have";
            return false;
        }
        return true;
    }

    /** {@return at which offset the batch at a position says that it begins, the largest if there is none} */
    private long followerBegins(long at) throws IOException {
        header.clear();
        if (size - at < LegacyMessage.SMALLEST_SIZE || file.read(header, at) < LegacyMessage.SMALLEST_SIZE) {
            return Long.MAX_VALUE;
        }
        return canBegin(header, 0) ? RecordBatch.baseOffset(header, 0) : Long.MAX_VALUE;
    }

    private static boolean canBegin(ByteBuffer buffer, int at) {
        return RecordBatch.magic(buffer, at) == RecordBatch.MAGIC || LegacyMessage.isLegacy(buffer, at);
    }

    /** {@return the position of the next whole batch that fits, with the scanner on it; the size if there is none} */
    private long search(long from) throws IOException {
        for (long at = from; size - at >= LegacyMessage.SMALLEST_SIZE && budgetBytes > 0; at++) {
            load(at);
            int index = (int) (at - windowAt);
            int length = RecordBatch.length(window, index);
            if (canBegin(window, index)
                    && length >= LegacyMessage.SMALLEST_SIZE - RecordBatch.LOG_OVERHEAD
                    && length <= size - at - RecordBatch.LOG_OVERHEAD
                    && scanner.start(file, at, size).next()) {
                budgetBytes -= length;
                if (fits()) {
                    return at;
                }
            }
        }
        return size;
    }

    private void load(long at) throws IOException {
        if (at < windowAt || at - windowAt + RecordBatch.HEADER_SIZE > window.limit()) {
            windowAt = at;
            window.clear().limit((int) Math.min(CHUNK_BYTES, size - at));
            window.limit(file.read(window, at));
        }
    }
}
