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
        long from = firstOffset(segments, fromOffset, slice);
        return find(segments, first, from, upperOffset(segments, fromOffset, slice, endOffset));
    }

    /**
     * {@return the offset wanted, or where the slice begins if something was passed over before it} A transaction that ended in
     * what is lost must not be named: its reader would wait for the marker, and skip what the producer wrote after it.
     */
    private long firstOffset(LogSegment[] segments, long fromOffset, FileSlice slice) throws IOException {
        int i = log.segments.floorIndex(fromOffset);
        if (i < 0 || !segments[i].health().isDamaged()) {
            return fromOffset;
        }
        ByteBuffer baseOffset = ByteBuffer.allocate(Long.BYTES);
        slice.file().read(baseOffset, slice.position());
        return Math.max(fromOffset, baseOffset.getLong(0));
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
        try {
            return Math.min(upper, firstOffsetFrom(segments[i], slice.position() + slice.sizeBytes()));
        } catch (DamagedSegmentException e) {
            return upper;
        }
    }

    /** {@return the offset of a batch that lies at or after a position, and not far from it if the index tells of one} */
    private long firstOffsetFrom(LogSegment segment, long position) throws IOException {
        OffsetIndex index = segment.offsetIndex();
        int slot = firstSlotFrom(index, position);
        if (slot == index.entries()) {
            return Long.MAX_VALUE;
        }
        BatchScanner scanner = log.scanner();
        boolean beyond =
                segment.seek(scanner, segment.baseOffset() + index.key(slot)) && scanner.position() >= position;
        return beyond ? RecordBatch.baseOffset(scanner.buffer(), scanner.at()) : Long.MAX_VALUE;
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
