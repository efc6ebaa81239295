package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.storage.producer.LastBatch;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The segments of a log at one moment, for a cleaner that works on a loop of its own: all but the last are closed, and do not
 * change while they are in the log. Files are named, not opened; one that is gone was deleted by the log's owner meanwhile.
 */
public final class SegmentsView {
    private final LogState log;
    private final Path folder;
    private final LogSegment[] segments;
    private final int cuts;
    private final long startOffset;
    private final long endOffset;
    private final long stableOffset;

    SegmentsView(LogState log) {
        this.log = log;
        this.cuts = log.cuts;
        // First, so that what is settled below it is so whatever is appended meanwhile.
        long certain = Math.min(log.highWatermark, log.recoveryPoint);
        this.startOffset = log.startOffset;
        this.segments = log.segments.all();
        this.stableOffset = stableOffset(certain);
        this.endOffset = log.endOffset;
        this.folder = log.folder;
    }

    /**
     * A record must not go for the sake of another that a power loss or a new leader may take, nor of one whose transaction
     * has ended in a marker that they may take.
     */
    private long stableOffset(long certain) {
        if (segments.length == 0) {
            return startOffset;
        }
        int i = segments.length - 1;
        while (i > 0 && segments[i].settledBy() > certain) {
            i--;
        }
        return segments[i].baseOffset();
    }

    /** {@return the log's folder then} */
    public Path folder() {
        return folder;
    }

    /** {@return how many segments there are, the active one among them} */
    public int count() {
        return segments.length;
    }

    /** {@return the base offset of a segment} */
    public long baseOffset(int index) {
        return segments[index].baseOffset();
    }

    /** {@return the size of a segment's records} */
    public long sizeBytes(int index) {
        return segments[index].sizeBytes();
    }

    /** {@return the path of a segment's file with this suffix, one of {@link LogFileNames}} */
    public Path path(int index, String suffix) {
        return LogFileNames.path(folder, segments[index].baseOffset(), suffix);
    }

    /** {@return the first offset of the log} */
    public long startOffset() {
        return startOffset;
    }

    /** {@return the offset after the last record} */
    public long endOffset() {
        return endOffset;
    }

    /**
     * {@return the base offset of a segment before which everything is committed and on the disk, and so are the ends of all
     * transactions that began there}
     */
    public long stableOffset() {
        return stableOffset;
    }

    /**
     * Reads the timestamps of a closed segment; blocks.
     *
     * @return null if they cannot be read
     */
    public Timestamps timestamps(int index) throws IOException {
        ColdTimes cold = new ColdTimes(log, segments[index]);
        cold.read();
        SegmentTimes times = cold.found();
        if (times == null) {
            return null;
        }
        long largestMs = times.maxTimestampMs();
        return new Timestamps(times.firstTimestampMs(), largestMs >= 0 ? largestMs : lastModifiedMs(index));
    }

    /** {@return when a segment's file was last written, -1 if it is gone} */
    public long lastModifiedMs(int index) throws IOException {
        try {
            return log.context.files().lastModifiedMs(path(index, LogFileNames.LOG));
        } catch (NoSuchFileException e) {
            return RecordBatch.NO_TIMESTAMP;
        }
    }

    /**
     * The timestamps of a segment.
     *
     * @param firstMs that of its first batch, -1 if none has one
     * @param largestMs the largest, that of the file if no batch has one
     */
    public record Timestamps(long firstMs, long largestMs) {}

    /** {@return the lowest offset to which the log was ever truncated since it was loaded} */
    public long lowestCut() {
        return log.lowestCut;
    }

    /** {@return whether the log is being copied to another folder now, and no cleaning may be begun} */
    public boolean copied() {
        return log.copied;
    }

    /** {@return a number that grows whenever the log is truncated} */
    public int cuts() {
        return cuts;
    }

    /**
     * {@return whether these segments are still those of the log, in its folder: neither truncated, deleted, replaced nor
     * moved since}
     *
     * @param from the index of the first of them
     * @param to the exclusive index of the last
     */
    public boolean holds(int from, int to) {
        return log.cuts == cuts && log.folder.equals(folder) && indexIn(log.segments.all(), from, to) >= 0;
    }

    /** {@return what the log remembers of its producers' last batches, by their id; on the owner's loop} */
    public Map<Long, LastBatch> lastBatches() {
        return log.producers.lastBatches(log.recoveryPoint);
    }

    /**
     * Puts a cleaned segment, finished, in the place of those it was made of. On the owner's loop.
     *
     * @param from the index of the first that is replaced
     * @param to the exclusive index of the last
     * @return false, and nothing has changed, if they are no longer in the log
     */
    public boolean replace(int from, int to, CleanedSegment cleaned) throws IOException {
        // No flush uses the segments: all in them is on the disk. But the folder could be renamed just now.
        synchronized (log) {
            return new SegmentSwap(log).replace(this, from, to, cleaned);
        }
    }

    /** {@return at which index these segments stand in the log's, before its active one; -1 if they do not} */
    int indexIn(LogSegment[] current, int from, int to) {
        for (int i = 0; i + to - from < current.length; i++) {
            if (current[i] == segments[from]) {
                for (int k = from; k < to; k++) {
                    if (current[i + k - from] != segments[k]) {
                        return -1;
                    }
                }
                return i;
            }
        }
        return -1;
    }
}
