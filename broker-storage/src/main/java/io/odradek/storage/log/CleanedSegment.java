package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A segment in the making, under names that end in {@code .cleaned}: what it replaces stays in force, and a crash leaves
 * nothing of it. Written on a cleaner's loop; then {@link SegmentsView#replace} swaps it in on the owner's.
 */
public final class CleanedSegment {
    private final LogFileSystem files;
    private final Path folder;
    private final long baseOffset;
    private final int indexIntervalBytes;
    private final LogFile file;
    private final OffsetIndex offsets;
    private final TimeIndex times;
    private final TransactionIndex transactions;
    private final SegmentTimes timestamps = SegmentTimes.empty(RecordBatch.NO_TIMESTAMP);
    private long sizeBytes;
    private int bytesSinceIndexEntry;
    private long lastOffset = -1;
    private int lastPosition;
    private boolean open = true;

    private CleanedSegment(LogFileSystem files, Path folder, long baseOffset, int indexIntervalBytes)
            throws IOException {
        this.files = files;
        this.folder = folder;
        this.baseOffset = baseOffset;
        this.indexIntervalBytes = indexIntervalBytes;
        IndexBlock block = new IndexBlock();
        offsets = new OffsetIndex(files, path(LogFileNames.OFFSET_INDEX), block, baseOffset, 0, true);
        times = new TimeIndex(files, path(LogFileNames.TIME_INDEX), block, baseOffset, true);
        transactions = new TransactionIndex(files, path(LogFileNames.TRANSACTION_INDEX), baseOffset);
        file = files.open(path(LogFileNames.LOG));
    }

    /**
     * Begins a segment, without any batch. Whoever begins one must {@link #finish} or {@link #discard} it.
     *
     * @param baseOffset that of the first segment which it replaces
     */
    public static CleanedSegment create(LogFileSystem files, Path folder, long baseOffset, int indexIntervalBytes)
            throws IOException {
        // An earlier swap's last names must be on the disk: beside a .cleaned file a start would undo that swap.
        files.forceFolder(folder);
        CleanedSegment segment = new CleanedSegment(files, folder, baseOffset, indexIntervalBytes);
        boolean emptied = false;
        try {
            segment.file.truncate(0);
            segment.offsets.reset();
            segment.times.reset();
            segment.transactions.reset();
            emptied = true;
        } finally {
            if (!emptied) {
                segment.closeFiles();
            }
        }
        return segment;
    }

    private Path path(String suffix) {
        return LogFileNames.path(folder, baseOffset, suffix + LogFileNames.CLEANED);
    }

    SegmentTimes timestamps() {
        return timestamps;
    }

    long baseOffset() {
        return baseOffset;
    }

    /** {@return the bytes written so far} */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** Writes whole batches, between position and limit of the buffer. */
    public void append(ByteBuffer batches) throws IOException {
        int start = batches.position();
        int end = batches.limit();
        file.append(batches);
        for (int at = start; at < end; at += RecordBatch.sizeBytes(batches, at)) {
            index(batches, at, (int) (sizeBytes + at - start));
        }
        sizeBytes += end - start;
    }

    private void index(ByteBuffer buffer, int at, int position) throws IOException {
        lastOffset = RecordBatch.lastOffset(buffer, at);
        lastPosition = position;
        timestamps.add(RecordBatch.maxTimestamp(buffer, at), lastOffset);
        if (bytesSinceIndexEntry > indexIntervalBytes) {
            offsets.append(lastOffset, position);
            times.maybeAppend(timestamps.maxTimestampMs(), timestamps.offsetOfMaxTimestamp());
            bytesSinceIndexEntry = 0;
        }
        bytesSinceIndexEntry += RecordBatch.sizeBytes(buffer, at);
    }

    /** Keeps an aborted transaction in the index, by the order of its marker. */
    public void append(AbortedTransaction aborted) throws IOException {
        transactions.append(aborted);
    }

    /** Completes the files, forces them and their names to the disk, and closes them. */
    public void finish() throws IOException {
        if (lastOffset > offsets.lastOffset()) {
            // As in every sealed segment: a file that lost its last batches is told from one that never had them.
            offsets.append(lastOffset, lastPosition);
        }
        times.maybeAppend(timestamps.maxTimestampMs(), timestamps.offsetOfMaxTimestamp());
        offsets.seal();
        times.seal();
        file.force();
        offsets.force();
        times.force();
        if (transactions.entries() > 0) {
            transactions.force();
        } else {
            // One that an unfinished cleaning left has been emptied, but still has its name.
            transactions.delete();
        }
        closeFiles();
        files.forceFolder(folder);
    }

    boolean hasTransactionIndex() {
        return transactions.entries() > 0;
    }

    /** {@return the suffixes of its files, the log first} */
    List<String> suffixes() {
        List<String> suffixes = new ArrayList<>(4);
        suffixes.add(LogFileNames.LOG);
        suffixes.add(LogFileNames.OFFSET_INDEX);
        suffixes.add(LogFileNames.TIME_INDEX);
        if (hasTransactionIndex()) {
            suffixes.add(LogFileNames.TRANSACTION_INDEX);
        }
        return suffixes;
    }

    private void closeFiles() throws IOException {
        if (open) {
            open = false;
            try {
                offsets.close();
                times.close();
                transactions.close();
            } finally {
                file.close();
            }
        }
    }

    /** Closes and deletes its files, as it is not wanted. Does nothing if they are gone with their folder. */
    public void discard() throws IOException {
        closeFiles();
        offsets.delete();
        times.delete();
        transactions.delete();
        files.delete(path(LogFileNames.LOG));
    }
}
