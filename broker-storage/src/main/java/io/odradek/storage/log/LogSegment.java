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
 * A file of batches with its indexes. The files are opened when they are first needed, so that a broker with many segments
 * starts with few descriptors; the indexes, and all files of a closed segment, have a spare {@link LogFile.Handle}, the file
 * that is appended to is kept while such files are few. Belongs to the log's owner, but for {@link #force}, {@link
 * #sizeBytes} and {@link #settledBy}.
 */
final class LogSegment {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogSegment.class);
    private static final int SCAN_BYTES = 16 * 1024;

    private final LogFileSystem files;
    private final long baseOffset;
    private final SegmentIndexes indexes;
    private final TransactionIndex transactionIndex;
    private final SegmentLookup lookup = new SegmentLookup(this);
    private final SegmentFile file;
    private volatile long sizeBytes;
    private final long createdMs;
    private volatile long nextBaseOffset = Long.MAX_VALUE;
    private volatile long settledBy = Long.MAX_VALUE;
    private SegmentTimes times;
    private boolean unsealed;
    private final SegmentHealth health = new SegmentHealth();
    /** The first offset of what is in the file and not in the segment, -1 if nothing is. */
    private long undoFrom = -1;

    private boolean indexesKnownToBeMissing;
    private boolean marked;

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
        this.file = new SegmentFile(files, LogFileNames.path(folder, baseOffset, LogFileNames.LOG));
        this.sizeBytes = sizeBytes;
        this.unsealed = fresh;
        this.indexes = new SegmentIndexes(files, folder, baseOffset, block, sizeBytes, fresh);
        Path transactions = LogFileNames.path(folder, baseOffset, LogFileNames.TRANSACTION_INDEX);
        this.transactionIndex = new TransactionIndex(files, transactions, baseOffset);
        handles(LogFile.Handle.KEPT_WHILE_FEW);
    }

    private void handles(LogFile.Handle handle) {
        file.handle(handle);
        transactionIndex.handle(handle);
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
        boolean complete = false;
        try {
            segment.file.create();
            segment.indexes.clear();
            segment.transactionIndex.reset();
            complete = true;
            return segment;
        } finally {
            if (!complete) {
                segment.file.uncreate();
                segment.close();
            }
        }
    }

    long baseOffset() {
        return baseOffset;
    }

    /** {@return what finds batches in it} */
    SegmentLookup lookup() {
        return lookup;
    }

    Path path() {
        return file.path();
    }

    /** {@return the offset at which the next segment begins; unknown, and the largest, for the last one} */
    long nextBaseOffset() {
        return nextBaseOffset;
    }

    /** Says where the next segment begins; one that is followed by another takes no more batches. */
    void nextBaseOffset(long offset) {
        if (offset == nextBaseOffset) {
            return;
        }
        nextBaseOffset = offset;
        boolean closed = offset != Long.MAX_VALUE;
        handles(closed ? LogFile.Handle.SPARE_ONCE_FORCED : LogFile.Handle.KEPT_WHILE_FEW);
    }

    /**
     * {@return an offset such that, once nothing below it can be lost any more, neither can the end of a transaction that
     * began before this segment; the largest while one is open}
     */
    long settledBy() {
        return settledBy;
    }

    void settledBy(long offset) {
        settledBy = offset;
    }

    long createdMs() {
        return createdMs;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /** {@return the file, opened if it was not} */
    LogFile file() throws IOException {
        return file.open();
    }

    /** {@return the timestamps of the segment} */
    SegmentTimes times() throws IOException {
        if (times == null && health.damage() != null) {
            throw new DamagedSegmentException(health.damage());
        }
        if (times == null) {
            try {
                times = SegmentTimes.load(this, new BatchScanner(ByteBuffer.allocate(IndexBlock.SIZE_BYTES)));
            } catch (LostIndexException e) {
                rebuildIndexes(e.getMessage());
            }
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

    /** {@return the offset index, built again if it could not be right} */
    OffsetIndex offsetIndex() throws IOException {
        checkIndexes();
        return indexes.offsets();
    }

    /** {@return the time index, built again if it could not be right} */
    TimeIndex timeIndex() throws IOException {
        checkIndexes();
        return indexes.times();
    }

    /** Says that the index files are missing, and that this has been reported. */
    void indexesKnownToBeMissing() {
        indexesKnownToBeMissing = true;
    }

    /** {@return the transactions that were aborted in the segment; loaded with the log, or when the segment was created} */
    TransactionIndex transactionIndex() {
        return transactionIndex;
    }

    private void checkIndexes() throws IOException {
        if (!indexes.sane()) {
            long claimed = indexes.lostUpTo();
            if (!indexesKnownToBeMissing) {
                LOGGER.warn("Building the indexes of {} again: they are missing or damaged", path());
            }
            long endOffset = buildIndexes(true);
            if (nextBaseOffset != Long.MAX_VALUE && claimed >= endOffset && claimed < nextBaseOffset) {
                health.found(path() + " has lost its batches with offsets " + endOffset + " to " + claimed);
                health.meet(this, health.damage(), endOffset, claimed + 1);
            }
        }
    }

    /** Fails if the file is known to be damaged, so that what was not found may have been there. */
    void requireWhole() throws IOException {
        checkIndexes();
        if (health.damage() != null) {
            throw new DamagedSegmentException(health.damage());
        }
    }

    /** {@return what is known to be wrong with it} */
    SegmentHealth health() {
        return health;
    }

    /** {@return whether the file is as long as it should be} One that somebody has cut is as long as its file from now on. */
    boolean hasItsBytes() throws IOException {
        long stored = file.storedBytes();
        boolean whole = stored >= sizeBytes;
        if (!whole) {
            health.found(path() + " has " + stored + " of its " + sizeBytes + " bytes");
            sizeBytes = stored;
        }
        return whole;
    }

    boolean indexesBuilt() {
        return indexes.built();
    }

    int indexIntervalBytes() {
        return indexes.intervalBytes();
    }

    /** Writes the batches between position and limit, whose headers have been completed, in one call. */
    void append(ByteBuffer batches, int indexIntervalBytes) throws IOException {
        int start = batches.position();
        int end = batches.limit();
        long position = sizeBytes;
        LogFile open = file();
        long firstOffset = RecordBatch.baseOffset(batches, start);
        finishUndo();
        if (open.sizeBytes() != position) {
            // The next batches get a segment of their own.
            health.found(path() + " has " + open.sizeBytes() + " bytes where " + position + " are known");
            throw new DamagedSegmentException(health.damage());
        }
        try {
            open.append(batches);
            batches.position(start);
            indexAppended(batches, position, indexIntervalBytes);
        } catch (IOException e) {
            takeBack(position, firstOffset, e);
            throw e;
        }
        sizeBytes = position + end - start;
    }

    private void indexAppended(ByteBuffer batches, long position, int indexIntervalBytes) throws IOException {
        int start = batches.position();
        try {
            for (int at = start; at < batches.limit(); at += RecordBatch.sizeBytes(batches, at)) {
                index(batches, at, (int) (position + at - start), indexIntervalBytes);
            }
        } catch (LostIndexException e) {
            sizeBytes = position + batches.remaining();
            rebuildIndexes(e.getMessage());
        }
    }

    /** Cuts what was appended last as if it had not been; where that cannot be done now, before anything else is written. */
    void takeBack(long position, long firstOffset, IOException cause) {
        sizeBytes = position;
        undoFrom = firstOffset;
        try {
            finishUndo();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private void finishUndo() throws IOException {
        if (undoFrom >= 0) {
            truncate(sizeBytes, undoFrom);
        }
    }

    /** Takes a batch at a position into indexes and timestamps. */
    void index(ByteBuffer buffer, int at, int position, int indexIntervalBytes) throws IOException {
        SegmentTimes soFar = times();
        soFar.add(RecordBatch.maxTimestamp(buffer, at), RecordBatch.lastOffset(buffer, at));
        indexes.add(buffer, at, position, soFar, indexIntervalBytes);
        unsealed = true;
    }

    /** Empties indexes and timestamps, to be filled by {@link #index} from the first batch on. */
    void clearIndexes() throws IOException {
        health.mended();
        indexes.clear();
        times = SegmentTimes.empty(createdMs);
        unsealed = true;
    }

    /** Cuts indexes and timestamps, not the file, to what they were at a batch, from which they are to be filled again. */
    void beginAgainAt(long position, long offset) throws IOException {
        long whole = sizeBytes;
        truncateIndexes(offset);
        transactionIndex.truncateTo(offset);
        sizeBytes = position;
        try {
            // What stood behind that place may be lost: it was not known to be on the disk.
            health.mended();
            times = null;
            times();
        } finally {
            sizeBytes = whole;
        }
        unsealed = true;
    }

    /** Builds the indexes again from the batches: where something disagrees, not even their headers are believed unseen. */
    void rebuildIndexes(String why) throws IOException {
        if (!rebuildIndexesIfWhole(why)) {
            throw new DamagedSegmentException(health.damage());
        }
    }

    /** As {@link #rebuildIndexes}. {@return whether it could be done; if not they stay, as they lead behind the damage} */
    boolean rebuildIndexesIfWhole(String why) throws IOException {
        if (health.damage() == null) {
            health.found(SegmentCheck.problemOf(this));
        }
        if (health.damage() != null) {
            return false;
        }
        LOGGER.warn("Building the indexes of {} again: {}", path(), why);
        buildIndexes(false);
        return true;
    }

    /** Builds the indexes from the batches, or from their headers only. {@return the offset after the last batch} */
    long buildIndexes(boolean checked) throws IOException {
        int intervalBytes = indexes.intervalBytes();
        clearIndexes();
        marked = false;
        ByteBuffer chunk =
                ByteBuffer.allocate((int) Math.max(RecordBatch.HEADER_SIZE, Math.min(SCAN_BYTES, sizeBytes)));
        BatchScanner scanner = new BatchScanner(chunk);
        scanner.start(file(), 0, sizeBytes).expect(baseOffset);
        while (scanner.next() && (!checked || scanner.hasValidCrc())) {
            index(scanner.buffer(), scanner.at(), (int) scanner.position(), intervalBytes);
            marked |= RecordBatch.isControl(scanner.buffer(), scanner.at());
        }
        String problem = SegmentCheck.problemOf(this, scanner);
        if (problem != null) {
            // Half a segment must not pass for a whole one: what is asked of it next fails again.
            times = null;
            unsealed = false;
            health.found(problem);
            throw new DamagedSegmentException(problem);
        }
        indexes.seal(times());
        unsealed = false;
        return Math.max(baseOffset, scanner.nextOffset());
    }

    /** {@return whether control batches were seen when the indexes were built} */
    boolean marked() {
        return marked;
    }

    DamagedSegmentException damaged(BatchScanner scanner) {
        return new DamagedSegmentException(SegmentCheck.say(this, scanner));
    }

    /** As {@link SegmentLookup#seek}. */
    boolean seek(BatchScanner scanner, long offset) throws IOException {
        return lookup.seek(scanner, offset);
    }

    /** Completes the indexes and writes them, as the segment takes no more batches; of a damaged one as far as they go. */
    void seal() throws IOException {
        finishUndo();
        if (unsealed) {
            try {
                checkIndexes();
                indexes.seal(times());
            } catch (LostIndexException e) {
                rebuildIndexesIfWhole(e.getMessage());
            } catch (DamagedSegmentException e) {
                LOGGER.warn("The indexes of {} are not complete: {}", path(), e.getMessage());
            }
            unsealed = false;
        }
    }

    /** Cuts everything from a position on, which is where a batch starts. */
    void truncate(long position, long offset) throws IOException {
        truncateIndexes(offset);
        cutFile(position);
        transactionIndex.truncateTo(offset);
        undoFrom = -1;
        times = null;
        health.mended();
        unsealed = true;
    }

    private void truncateIndexes(long offset) throws IOException {
        checkIndexes();
        try {
            indexes.truncateTo(offset);
        } catch (LostIndexException e) {
            rebuildIndexes(e.getMessage());
            indexes.truncateTo(offset);
        }
    }

    /** Cuts the file alone. */
    void cutFile(long position) throws IOException {
        file().truncate(position);
        sizeBytes = position;
    }

    /**
     * Forces a cut to the disk, that of the indexes too: else entries of what was cut could come back after a power loss,
     * and agree by chance with what has been written there since. The aborted transactions go last: of too many of them the
     * next start can tell, not of too few.
     */
    void forceCut() throws IOException {
        indexes.force();
        file().force();
        transactionIndex.force();
    }

    /**
     * Forces the file to the disk, and the aborted transactions, which no look-up could compare with anything. May be called
     * from any thread.
     */
    void force() throws IOException {
        try {
            file.force();
            transactionIndex.force();
        } finally {
            file.forced();
        }
    }

    /** Says that the folder has been renamed. */
    void movedTo(Path folder) {
        file.movedTo(LogFileNames.path(folder, baseOffset, LogFileNames.LOG));
        indexes.movedTo(folder, baseOffset);
        transactionIndex.movedTo(LogFileNames.path(folder, baseOffset, LogFileNames.TRANSACTION_INDEX));
    }

    /** {@return whether an index has no room, or an offset no relative form, so that the segment must be rolled} */
    boolean full(int indexBytes, long lastOffset) {
        return lastOffset - baseOffset > Integer.MAX_VALUE || indexes.full(indexBytes);
    }

    /** Closes the files until they are needed again, but for those that are in use just now. */
    void release() throws IOException {
        indexes.release();
        transactionIndex.release();
        file.release();
    }

    /** Closes the files, writing nothing. */
    void close() throws IOException {
        file.close();
        indexes.close();
        transactionIndex.close();
    }

    /** Deletes the indexes, and gives the file another name for good. */
    void rename(Path target) throws IOException {
        indexes.delete();
        transactionIndex.delete();
        file.rename(target);
    }

    /** Deletes the indexes, and renames the file to be deleted once no slice of it can be in flight. */
    void discard(LogEvents events, LogConfig config) throws IOException {
        indexes.delete();
        transactionIndex.delete();
        LogFile discarded = file.discard();
        if (discarded != null) {
            events.discarded(files, discarded, config);
        }
    }
}
