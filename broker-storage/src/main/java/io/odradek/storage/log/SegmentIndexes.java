package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The offset index and the time index of one segment. They are never forced to the disk but where the segment is cut, so
 * after a power loss they may be short, torn or zero in part: whoever looks something up in them compares it with the data
 * ({@link SegmentLookup}), and has them built again when it is not right. Belongs to the log's owner.
 */
final class SegmentIndexes {
    private static final int DEFAULT_INTERVAL_BYTES = 4096;
    private static final long NONE = -1;

    private final OffsetIndex offsets;
    private final TimeIndex times;
    private int intervalBytes = DEFAULT_INTERVAL_BYTES;
    private int bytesSinceEntry;
    /** Of the batch that was taken in last, -1 if that is not known. */
    private long lastOffset = NONE;

    private int lastPosition;
    private boolean checked;
    private boolean built;

    /**
     * @param sizeBytes of the segment
     * @param fresh whether the segment is new, so that there is nothing to be read
     */
    SegmentIndexes(LogFileSystem files, Path folder, long baseOffset, IndexBlock block, long sizeBytes, boolean fresh) {
        Path offsetPath = LogFileNames.path(folder, baseOffset, LogFileNames.OFFSET_INDEX);
        Path timePath = LogFileNames.path(folder, baseOffset, LogFileNames.TIME_INDEX);
        this.offsets = new OffsetIndex(files, offsetPath, block, baseOffset, sizeBytes, fresh);
        this.times = new TimeIndex(files, timePath, block, baseOffset, fresh);
        this.checked = fresh;
        this.built = fresh;
    }

    OffsetIndex offsets() {
        return offsets;
    }

    TimeIndex times() {
        return times;
    }

    /** {@return the bytes of batches that at most lie between two entries, but for the last of them} */
    int intervalBytes() {
        return intervalBytes;
    }

    /** {@return whether every entry was made by this process, and so needs no comparison with the data} */
    boolean built() {
        return built;
    }

    /** {@return whether both files are there and end in entries that can be; asked once, then they are taken as they are} */
    boolean sane() throws IOException {
        if (!checked) {
            checked = offsets.sane() && times.sane();
        }
        return checked;
    }

    /** {@return the offset up to which the offset index says there were batches, if its last one lies beyond the file; or -1} */
    long lostUpTo() throws IOException {
        return offsets.lostUpTo();
    }

    /** Empties both, to be filled by {@link #add} from the first batch on. */
    void clear() throws IOException {
        offsets.reset();
        times.reset();
        bytesSinceEntry = 0;
        lastOffset = NONE;
        checked = true;
        built = true;
    }

    /** Takes in a batch at a position, which the timestamps have taken in before. */
    void add(ByteBuffer buffer, int at, int position, SegmentTimes soFar, int newIntervalBytes) throws IOException {
        intervalBytes = newIntervalBytes;
        lastOffset = RecordBatch.lastOffset(buffer, at);
        lastPosition = position;
        if (bytesSinceEntry > newIntervalBytes) {
            offsets.append(lastOffset, position);
            times.maybeAppend(soFar.maxTimestampMs(), soFar.offsetOfMaxTimestamp());
            bytesSinceEntry = 0;
        }
        bytesSinceEntry += RecordBatch.sizeBytes(buffer, at);
    }

    /** Cuts the entries of batches that end at or after an offset. */
    void truncateTo(long offset) throws IOException {
        offsets.truncateTo(offset);
        times.truncateTo(offset);
        bytesSinceEntry = 0;
        lastOffset = NONE;
    }

    /**
     * Completes both and writes them, as the segment takes no more batches for now. The last batch gets an entry whatever
     * the interval: so the end is found at once, and a file that lost its last batches is told from one that never had them.
     */
    void seal(SegmentTimes all) throws IOException {
        if (lastOffset != NONE && offsets.lastOffset() < lastOffset) {
            offsets.append(lastOffset, lastPosition);
        }
        times.maybeAppend(all.maxTimestampMs(), all.offsetOfMaxTimestamp());
        offsets.seal();
        times.seal();
    }

    /** Writes and forces what is left after a cut: else entries of what was cut could come back beside new ones. */
    void force() throws IOException {
        offsets.force();
        times.force();
    }

    /** {@return whether one of them has no room for another entry} */
    boolean full(int indexBytes) {
        return offsets.entries() >= indexBytes / OffsetIndex.ENTRY_SIZE - 1
                || times.entries() >= indexBytes / TimeIndex.ENTRY_SIZE - 1;
    }

    void movedTo(Path folder, long baseOffset) {
        offsets.movedTo(LogFileNames.path(folder, baseOffset, LogFileNames.OFFSET_INDEX));
        times.movedTo(LogFileNames.path(folder, baseOffset, LogFileNames.TIME_INDEX));
    }

    /** Closes files from which all that is needed can be read again. */
    void release() throws IOException {
        offsets.release();
        times.release();
    }

    /** Closes the files, writing nothing. */
    void close() throws IOException {
        offsets.close();
        times.close();
    }

    /** Closes and deletes the files. */
    void delete() throws IOException {
        offsets.delete();
        times.delete();
    }
}
