package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.log.Log.FetchedData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the aborted transactions of a range of offsets. It reads only those blocks of the transaction indexes that hold one
 * of them, and of segments without aborted transactions nothing.
 */
final class TransactionLookup {
    private final LogState log;
    private ByteBuffer scratch;

    TransactionLookup(LogState log) {
        this.log = log;
    }

    List<AbortedTransaction> find(long fromOffset, long upperOffset) throws IOException {
        LogSegment[] segments = log.segments.all();
        int first = firstWithAborted(segments, fromOffset);
        return first < 0 ? List.of() : find(segments, first, fromOffset, upperOffset);
    }

    List<AbortedTransaction> find(long fromOffset, FetchedData fetched, long endOffset) throws IOException {
        LogSegment[] segments = log.segments.all();
        int first = firstWithAborted(segments, fromOffset);
        if (first < 0 || !(fetched.records() instanceof FileSlice slice)) {
            return List.of();
        }
        return find(segments, first, fromOffset, upperOffset(segments, fromOffset, slice, endOffset));
    }

    private int firstWithAborted(LogSegment[] segments, long fromOffset) {
        for (int i = Math.max(0, log.segments.floorIndex(fromOffset)); i < segments.length; i++) {
            if (segments[i].transactionIndex().mayHaveSome()) {
                return i;
            }
        }
        return -1;
    }

    private List<AbortedTransaction> find(LogSegment[] segments, int first, long fromOffset, long upperOffset)
            throws IOException {
        if (scratch == null) {
            scratch = ByteBuffer.allocate(TransactionIndex.BLOCK_BYTES);
        }
        List<AbortedTransaction> found = new ArrayList<>();
        boolean ended = false;
        for (int i = first; i < segments.length && !ended; i++) {
            ended = segments[i].transactionIndex().collect(fromOffset, upperOffset, scratch, found);
        }
        return found;
    }

    /** {@return an offset that is above all in the slice, and not far above: else each fetch would get all there is} */
    private long upperOffset(LogSegment[] segments, long fromOffset, FileSlice slice, long endOffset)
            throws IOException {
        int i = Math.max(0, log.segments.floorIndex(fromOffset));
        while (i < segments.length && segments[i].file() != slice.file()) {
            i++;
        }
        if (i >= segments.length) {
            return endOffset;
        }
        long upper = i + 1 < segments.length ? Math.min(endOffset, segments[i + 1].baseOffset()) : endOffset;
        long sliceEnd = slice.position() + slice.sizeBytes();
        OffsetIndex index = segments[i].offsetIndex();
        int slot = firstSlotFrom(index, sliceEnd);
        if (slot == index.entries()) {
            return upper;
        }
        BatchScanner scanner = log.scanner();
        boolean beyond =
                segments[i].seek(scanner, segments[i].baseOffset() + index.key(slot)) && scanner.position() >= sliceEnd;
        return beyond ? Math.min(upper, RecordBatch.baseOffset(scanner.buffer(), scanner.at())) : upper;
    }

    private static int firstSlotFrom(OffsetIndex index, long position) throws IOException {
        int low = 0;
        int high = index.entries();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (index.position(middle) < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
