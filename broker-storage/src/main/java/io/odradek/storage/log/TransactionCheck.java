package io.odradek.storage.log;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Compares the transaction indexes of a log with its batches. Where it costs little, all of them are read: then the index
 * has exactly the transactions that were aborted. In large segments with few entries each entry is held against the two
 * batches that it names and against the entries around it, which finds damage, but not that an entry is missing, or names a
 * later or an earlier batch of the same producer. To be asked for the segments in their order.
 */
final class TransactionCheck {
    /** What is read for one entry: an index block and a header for each of its batches. */
    private static final long BYTES_PER_ENTRY = 4L * IndexBlock.SIZE_BYTES;

    private static final long FEW_BYTES = 1 << 20;

    private final LogState log;
    private final BatchScanner scanner;
    private final RecordCursor cursor = new RecordCursor();
    private long largestStable = Long.MIN_VALUE;

    TransactionCheck(LogState log) {
        this.log = log;
        this.scanner = new BatchScanner(ByteBuffer.allocate(IndexBlock.SIZE_BYTES));
    }

    /**
     * {@return whether the index of a segment can be relied on}
     *
     * @param endOffset where the segment ends
     * @throws DamagedSegmentException if batches cannot be read
     */
    boolean holds(LogSegment segment, long endOffset) throws IOException {
        TransactionIndex index = segment.transactionIndex();
        if (index.entriesBefore(endOffset) < index.entries() || !grow(index)) {
            return false;
        }
        // Of what cleaning has taken, the entries are still there.
        boolean exactly = !log.config.mayBeCompacted()
                && segment.sizeBytes() <= Math.max(FEW_BYTES, index.entries() * BYTES_PER_ENTRY);
        if (exactly) {
            return isExact(segment, endOffset);
        }
        for (int slot = 0; slot < index.entries(); slot++) {
            AbortedTransaction entry = index.entry(slot);
            if (!isEnd(segment, entry)) {
                return false;
            }
            if (entry.firstOffset() < log.segments.first().baseOffset()) {
                return isExact(segment, endOffset);
            }
            if (!isBeginning(entry)) {
                return false;
            }
        }
        return true;
    }

    /** {@return whether no transaction began below what was stable before it ended} */
    private boolean grow(TransactionIndex index) throws IOException {
        long stable = Long.MIN_VALUE;
        boolean grow = true;
        for (int slot = 0; slot < index.entries() && grow; slot++) {
            AbortedTransaction entry = index.entry(slot);
            grow = entry.firstOffset() >= Math.max(stable, largestStable) && entry.lastStableOffset() >= stable;
            stable = entry.lastStableOffset();
        }
        largestStable = Math.max(largestStable, stable);
        return grow;
    }

    /** {@return whether the index has exactly what the batches say; reads all of them} */
    boolean isExact(LogSegment segment, long endOffset) throws IOException {
        TransactionIndex index = segment.transactionIndex();
        int[] equal = {0};
        boolean[] differ = {false};
        new SegmentTransactions(log).of(segment, endOffset, false, aborted -> {
            differ[0] |= equal[0] >= index.entries() || !index.entry(equal[0]).equals(aborted);
            equal[0]++;
        });
        return !differ[0] && equal[0] == index.entries();
    }

    /** {@return whether the batch at the entry's last offset is the marker of an aborted transaction of its producer} */
    private boolean isEnd(LogSegment segment, AbortedTransaction entry) throws IOException {
        if (!segment.seek(scanner, entry.lastOffset())) {
            return false;
        }
        ByteBuffer buffer = scanner.buffer();
        requireWhole(segment);
        int at = scanner.at();
        if (RecordBatch.baseOffset(buffer, at) != entry.lastOffset()
                || !RecordBatch.isControl(buffer, at)
                || RecordBatch.producerId(buffer, at) != entry.producerId()) {
            return false;
        }
        try (RecordCursor open = cursor.open(buffer, at, IndexBlock.SIZE_BYTES)) {
            ControlRecord marker = open.next() ? ControlRecord.read(open) : null;
            return marker != null && marker.type() == ControlRecord.Type.ABORT;
        } catch (ApiException e) {
            throw new DamagedSegmentException(
                    segment.path() + " is damaged at byte " + scanner.position() + ": " + e.getMessage());
        }
    }

    /** {@return whether a batch of the entry's transaction begins at its first offset, or none is there any more} */
    private boolean isBeginning(AbortedTransaction entry) throws IOException {
        LogSegment segment = log.segments.all()[log.segments.floorIndex(entry.firstOffset())];
        boolean found = segment.seek(scanner, entry.firstOffset());
        if (found && RecordBatch.baseOffset(scanner.buffer(), scanner.at()) <= entry.firstOffset()) {
            requireWhole(segment);
            ByteBuffer buffer = scanner.buffer();
            int at = scanner.at();
            return RecordBatch.baseOffset(buffer, at) == entry.firstOffset()
                    && RecordBatch.isTransactional(buffer, at)
                    && !RecordBatch.isControl(buffer, at)
                    && RecordBatch.producerId(buffer, at) == entry.producerId();
        }
        return log.config.mayBeCompacted();
    }

    private void requireWhole(LogSegment segment) throws IOException {
        if (!scanner.hasValidCrc()) {
            throw segment.damaged(scanner);
        }
    }
}
