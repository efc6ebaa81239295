package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.legacy.LegacyMessage;
import io.odradek.storage.io.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Looks for whole batches among bytes that need not begin with one, by magic, length and checksum. What is in a record may
 * look like batches of many sizes, so the bytes that are read for checksums are bounded: beyond that it stops, {@link
 * #gaveUp}.
 */
final class BatchSearch {
    private static final int WINDOW_BYTES = 64 * 1024;
    private static final int LEAST_BUDGET_BYTES = 1 << 20;
    private static final int BUDGET_TIMES = 4;
    /** What a look at something that may be an old message costs of the budget. */
    private static final int LOOK_BYTES = 256;

    private static final int LEGACY_CHUNK_BYTES = 4096;

    private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES);
    private final BatchScanner batchScanner = new BatchScanner(ByteBuffer.allocate(WINDOW_BYTES));
    private final BatchScanner legacyScanner = new BatchScanner(ByteBuffer.allocate(LEGACY_CHUNK_BYTES));
    private int batches;
    private long records;
    private long firstOffset = -1;
    private long lastOffset = -1;
    private boolean gaveUp;

    /** Adds the whole batches between two positions of a file to what was found. */
    void search(LogFile file, long from, long end) throws IOException {
        long budgetBytes = Math.max(LEAST_BUDGET_BYTES, BUDGET_TIMES * (end - from));
        long windowAt = from;
        window.clear().limit(0);
        for (long at = from; end - at >= LegacyMessage.SMALLEST_SIZE && !gaveUp; ) {
            if (at - windowAt + RecordBatch.PREFIX_SIZE > window.limit()) {
                windowAt = at;
                window.clear().limit((int) Math.min(WINDOW_BYTES, end - at));
                window.limit(file.read(window, at));
                if (window.limit() < RecordBatch.PREFIX_SIZE) {
                    return;
                }
            }
            int step = 1;
            int index = (int) (at - windowAt);
            boolean legacy = LegacyMessage.isLegacy(window, index);
            if (mayBeBatch(index, legacy, end - at)) {
                BatchScanner scanner = legacy ? legacyScanner : batchScanner;
                budgetBytes -= legacy ? LOOK_BYTES : 0;
                if (scanner.start(file, at, end).next()) {
                    budgetBytes -= scanner.sizeBytes();
                    if (scanner.hasValidCrc()) {
                        step = scanner.sizeBytes();
                        take(scanner);
                    }
                }
            }
            gaveUp = budgetBytes < 0;
            at += step;
        }
    }

    private boolean mayBeBatch(int index, boolean legacy, long remaining) {
        int length = RecordBatch.length(window, index);
        int smallest = legacy ? LegacyMessage.SMALLEST_SIZE : RecordBatch.HEADER_SIZE;
        return (legacy || RecordBatch.magic(window, index) == RecordBatch.MAGIC)
                && length >= smallest - RecordBatch.LOG_OVERHEAD
                && length <= remaining - RecordBatch.LOG_OVERHEAD;
    }

    private void take(BatchScanner scanner) {
        batches++;
        records += Math.max(0, RecordBatch.recordCount(scanner.buffer(), scanner.at()));
        firstOffset = firstOffset < 0 ? RecordBatch.baseOffset(scanner.buffer(), scanner.at()) : firstOffset;
        lastOffset = RecordBatch.lastOffset(scanner.buffer(), scanner.at());
    }

    /** {@return whether there may be more than was found} */
    boolean gaveUp() {
        return gaveUp;
    }

    /** {@return how many whole batches there are} */
    int batches() {
        return batches;
    }

    /** {@return how many records they say they hold} */
    long records() {
        return records;
    }

    /** {@return the first offset of the first of them, -1 for none} */
    long firstOffset() {
        return firstOffset;
    }

    /** {@return the last offset of the last of them, -1 for none} */
    long lastOffset() {
        return lastOffset;
    }
}
