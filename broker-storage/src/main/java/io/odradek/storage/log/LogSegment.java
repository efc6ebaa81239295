package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of batches with its indexes. The files are opened when they are first needed, so that a broker with many old
 * segments starts with few descriptors. Belongs to the log's owner, but for {@link #force} and {@link #sizeBytes}.
 */
final class LogSegment {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogSegment.class);
    private static final int DEFAULT_INTERVAL_BYTES = 4096;

    private final LogFileSystem files;
    private final long baseOffset;
    private final OffsetIndex offsetIndex;
    private final TimeIndex timeIndex;
    private final TransactionIndex transactionIndex;
    private Path path;
    private volatile LogFile file;
    private volatile long sizeBytes;
    private final long createdMs;
    private SegmentTimes times;
    private int bytesSinceIndexEntry;
    private boolean indexesChecked;

    private LogSegment(
            LogFileSystem files,
            Path folder,
            long baseOffset,
            IndexBlock block,
            long sizeBytes,
            boolean fresh,
            long createdMs) {
        this.files = files;
        this.createdMs = createdMs;
        this.baseOffset = baseOffset;
        this.path = LogFileNames.path(folder, baseOffset, LogFileNames.LOG);
        this.sizeBytes = sizeBytes;
        this.indexesChecked = fresh;
        Path offsets = LogFileNames.path(folder, baseOffset, LogFileNames.OFFSET_INDEX);
        Path timestamps = LogFileNames.path(folder, baseOffset, LogFileNames.TIME_INDEX);
        this.offsetIndex = new OffsetIndex(files, offsets, block, baseOffset, sizeBytes, fresh);
        this.timeIndex = new TimeIndex(files, timestamps, block, baseOffset, fresh);
        Path transactions = LogFileNames.path(folder, baseOffset, LogFileNames.TRANSACTION_INDEX);
        this.transactionIndex = new TransactionIndex(files, transactions, baseOffset);
    }

    /** {@return a segment whose file exists; nothing is opened yet} */
    static LogSegment existing(LogFileSystem files, Path folder, long baseOffset, IndexBlock block, long nowMs)
            throws IOException {
        long size = files.sizeBytes(LogFileNames.path(folder, baseOffset, LogFileNames.LOG));
        if (size > Integer.MAX_VALUE) {
            throw new DamagedSegmentException("The segment " + baseOffset + " in " + folder + " is larger than 2 GiB");
        }
        return new LogSegment(files, folder, baseOffset, block, size, false, nowMs);
    }

    /** {@return a new, empty segment; index files of its name are emptied} */
    static LogSegment create(LogFileSystem files, Path folder, long baseOffset, IndexBlock block, long nowMs)
            throws IOException {
        LogSegment segment = new LogSegment(files, folder, baseOffset, block, 0, true, nowMs);
        segment.times = SegmentTimes.empty(nowMs);
        try {
            segment.file().truncate(0);
            segment.offsetIndex.reset();
            segment.timeIndex.reset();
            segment.transactionIndex.reset();
            return segment;
        } catch (IOException e) {
            segment.closeAfter(e);
            throw e;
        }
    }

    long baseOffset() {
        return baseOffset;
    }

    long createdMs() {
        return createdMs;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /** {@return the file, opened if it was not} */
    LogFile file() throws IOException {
        LogFile open = file;
        return open != null ? open : openFile();
    }

    private synchronized LogFile openFile() throws IOException {
        if (file == null) {
            file = files.open(path);
        }
        return file;
    }

    /** {@return the timestamps of the segment} */
    SegmentTimes times() throws IOException {
        if (times == null) {
            times = SegmentTimes.load(this, new BatchScanner(ByteBuffer.allocate(IndexBlock.SIZE_BYTES)));
        }
        return times;
    }

    /** {@return the timestamps, null if they have not been read} */
    SegmentTimes timesInMemory() {
        return times;
    }

    /** Takes the timestamps that were read apart from this, unless it has its own. */
    void adopt(SegmentTimes read) {
        if (times == null) {
            times = read;
        }
    }

    /** {@return the offset index, checked, and built again if it was not right} */
    OffsetIndex offsetIndex() throws IOException {
        checkIndexes();
        return offsetIndex;
    }

    /** {@return the time index, checked, and built again if it was not right} */
    TimeIndex timeIndex() throws IOException {
        checkIndexes();
        return timeIndex;
    }

    /** {@return the transactions that were aborted in the segment; loaded with the log, or when the segment was created} */
    TransactionIndex transactionIndex() {
        return transactionIndex;
    }

    private void checkIndexes() throws IOException {
        if (!indexesChecked && !(offsetIndex.sane() && timeIndex.sane())) {
            rebuildIndexes("missing or damaged");
        }
        indexesChecked = true;
    }

    /** Writes the batches between position and limit, whose headers have been completed, in one call. */
    void append(ByteBuffer batches, int indexIntervalBytes) throws IOException {
        int start = batches.position();
        int end = batches.limit();
        long position = sizeBytes;
        LogFile open = file();
        long firstOffset = RecordBatch.baseOffset(batches, start);
        if (open.sizeBytes() > position) {
            // A failed append could not be taken back, as on a full disk.
            truncate(position, firstOffset);
        }
        if (open.sizeBytes() != position) {
            throw new IOException(path + " has " + open.sizeBytes() + " bytes where " + position + " are known");
        }
        try {
            open.append(batches);
            batches.position(start);
            for (int at = start; at < end; at += RecordBatch.sizeBytes(batches, at)) {
                index(batches, at, (int) (position + at - start), indexIntervalBytes);
            }
        } catch (IOException e) {
            undo(position, firstOffset, e);
            throw e;
        }
        sizeBytes = position + end - start;
    }

    private void undo(long position, long firstOffset, IOException cause) {
        try {
            truncate(position, firstOffset);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** Takes a batch at a position into indexes and timestamps. */
    void index(ByteBuffer buffer, int at, int position, int indexIntervalBytes) throws IOException {
        long lastOffset = RecordBatch.lastOffset(buffer, at);
        times.add(RecordBatch.maxTimestamp(buffer, at), lastOffset);
        if (bytesSinceIndexEntry > indexIntervalBytes) {
            offsetIndex.append(lastOffset, position);
            timeIndex.maybeAppend(times.maxTimestampMs(), times.offsetOfMaxTimestamp());
            bytesSinceIndexEntry = 0;
        }
        bytesSinceIndexEntry += RecordBatch.sizeBytes(buffer, at);
    }

    /** Empties indexes and timestamps, to be filled by {@link #index} from the first batch on. */
    void clearIndexes() throws IOException {
        offsetIndex.reset();
        timeIndex.reset();
        bytesSinceIndexEntry = 0;
        indexesChecked = true;
        times = SegmentTimes.empty(createdMs);
    }

    /** Builds the indexes again from the headers of the batches. */
    void rebuildIndexes(String why) throws IOException {
        LOGGER.warn("Building the indexes of {} again: {}", path, why);
        clearIndexes();
        BatchScanner scanner = new BatchScanner(ByteBuffer.allocate(IndexBlock.SIZE_BYTES)).start(file(), 0, sizeBytes);
        while (scanner.next()) {
            index(scanner.buffer(), scanner.at(), (int) scanner.position(), DEFAULT_INTERVAL_BYTES);
        }
        if (scanner.problem() != null) {
            throw new DamagedSegmentException(
                    path + " is damaged at byte " + scanner.position() + ": " + scanner.problem());
        }
        offsetIndex.writeTail();
        timeIndex.maybeAppend(times.maxTimestampMs(), times.offsetOfMaxTimestamp());
        timeIndex.writeTail();
    }

    /**
     * Puts the scanner on the first batch that ends at or after an offset.
     *
     * @return false if the segment has none
     */
    boolean seek(BatchScanner scanner, long offset) throws IOException {
        int from = offsetIndex().floorPosition(offset);
        boolean found = from >= 0 && scanner.start(file(), from, sizeBytes).next();
        if (from != 0 && !(found && RecordBatch.lastOffset(scanner.buffer(), scanner.at()) <= indexedOffset(offset))) {
            rebuildIndexes("an entry points to no batch");
            found = scanner.start(file(), offsetIndex().floorPosition(offset), sizeBytes)
                    .next();
        }
        while (found && RecordBatch.lastOffset(scanner.buffer(), scanner.at()) < offset) {
            found = scanner.next();
        }
        if (scanner.problem() != null) {
            throw new DamagedSegmentException(
                    path + " is damaged at byte " + scanner.position() + ": " + scanner.problem());
        }
        return found;
    }

    private long indexedOffset(long offset) throws IOException {
        long relative = Math.min(offset - baseOffset, Integer.MAX_VALUE);
        return baseOffset + offsetIndex.key(offsetIndex.floorSlot(relative));
    }

    /** {@return the position of the first batch that ends at or after an offset; the size if there is none} */
    long positionOf(BatchScanner scanner, long offset) throws IOException {
        return seek(scanner, offset) ? scanner.position() : sizeBytes;
    }

    /** Completes the indexes and writes them, as the segment takes no more batches. */
    void seal() throws IOException {
        timeIndex().maybeAppend(times().maxTimestampMs(), times().offsetOfMaxTimestamp());
        offsetIndex.seal();
        timeIndex.seal();
    }

    /** Cuts everything from a position on, which is where a batch starts. */
    void truncate(long position, long offset) throws IOException {
        offsetIndex().truncateTo(offset);
        timeIndex().truncateTo(offset);
        transactionIndex.truncateTo(offset);
        file().truncate(position);
        sizeBytes = position;
        bytesSinceIndexEntry = 0;
        times = SegmentTimes.load(this, new BatchScanner(ByteBuffer.allocate(IndexBlock.SIZE_BYTES)));
    }

    /** Cuts the file alone, during recovery. */
    void cutFile(long position) throws IOException {
        file().truncate(position);
        sizeBytes = position;
    }

    /** Forces the file to the disk, and the indexes if no more is to come. May be called from any thread. */
    void force(boolean sealed) throws IOException {
        file().force();
        if (sealed) {
            offsetIndex.force();
            timeIndex.force();
            transactionIndex.force();
        }
    }

    /** Says that the folder has been renamed. */
    void movedTo(Path folder) {
        path = LogFileNames.path(folder, baseOffset, LogFileNames.LOG);
        offsetIndex.movedTo(LogFileNames.path(folder, baseOffset, LogFileNames.OFFSET_INDEX));
        timeIndex.movedTo(LogFileNames.path(folder, baseOffset, LogFileNames.TIME_INDEX));
        transactionIndex.movedTo(LogFileNames.path(folder, baseOffset, LogFileNames.TRANSACTION_INDEX));
    }

    /** {@return whether an index has no room, or an offset no relative form, so that the segment must be rolled} */
    boolean full(int indexBytes, long lastOffset) {
        return lastOffset - baseOffset > Integer.MAX_VALUE
                || offsetIndex.entries() >= indexBytes / OffsetIndex.ENTRY_SIZE
                || timeIndex.entries() >= indexBytes / TimeIndex.ENTRY_SIZE - 1;
    }

    private void closeAfter(IOException failure) {
        try {
            close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Closes the files, writing nothing. */
    void close() throws IOException {
        LogFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
        offsetIndex.close();
        timeIndex.close();
        transactionIndex.close();
    }

    /** Deletes the indexes, and renames the file to be deleted once no slice of it can be in flight. */
    void discard(LogEvents events, LogConfig config) throws IOException {
        offsetIndex.delete();
        timeIndex.delete();
        transactionIndex.delete();
        LogFile open = file();
        Path deleted = path.resolveSibling(path.getFileName() + LogFileNames.DELETED);
        files.rename(path, deleted);
        file = null;
        events.discarded(files, open, config);
    }
}
