package io.odradek.storage.log;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.epoch.LeaderEpochCache;
import io.odradek.storage.producer.ProducerSnapshot;
import io.odradek.storage.producer.ProducerState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** What the parts of one log share. Belongs to the log's owner; what is volatile is read by others. */
final class LogState {
    final LogContext context;
    final TopicPartition id;
    final LogSegments segments = new LogSegments();
    final IndexBlock indexBlock = new IndexBlock();
    final FolderNames names = new FolderNames(this);
    final ProducerState producers;
    final LogMeters meters;
    LeaderEpochCache epochs;
    volatile Path folder;
    volatile LogConfig config;
    volatile long startOffset;
    volatile long endOffset;
    volatile long recoveryPoint;
    /** When the recovery point was last moved, on the monotonic clock. */
    volatile long flushedNs;
    /** What is below it every in-sync replica has; the log does not know by itself. */
    volatile long highWatermark;
    /** Where the oldest transaction that is open began when the segments were settled last, -1 if none was. */
    private long openFromOffset = -1;
    /** How many times the log was truncated. */
    volatile int cuts;
    /** The lowest offset to which it was. */
    volatile long lowestCut = Long.MAX_VALUE;
    /** Whether {@code partition.metadata} was written, perhaps by a process that died, and not forced. */
    volatile boolean metadataUnforced;

    /** Whether a truncation has begun and not everything has been done yet. */
    boolean cutUnfinished;

    /** Whether the log is being copied, and must not be cleaned. */
    volatile boolean copied;

    /** How many times the log was truncated, or segments were replaced by cleaned ones. */
    long rewrites;

    /** The offset of the newest producer snapshot, -1 if there is none. */
    long snapshotOffset = -1;

    private BatchScanner scanner;

    LogState(LogContext context, LogOpening opening, LogConfig config) {
        this.context = context;
        this.id = opening.id();
        this.folder = opening.folder();
        this.config = config;
        this.flushedNs = context.clock().monotonicNs();
        this.producers = new ProducerState(context.producers().maxCount());
        this.meters = new LogMeters(this);
    }

    /** {@return the owner's scanner with a small chunk, for look-ups} */
    BatchScanner scanner() {
        if (scanner == null) {
            scanner = new BatchScanner(ByteBuffer.allocate(IndexBlock.SIZE_BYTES));
        }
        return scanner;
    }

    /** Gives back what a log needs that is read or written, and not one that only is there: descriptors and buffers. */
    void rest() throws IOException {
        segments.active().release();
        scanner = null;
        indexBlock.release();
    }

    /** Says that the log is about to be truncated. {@return whether an earlier truncation has not been finished} */
    boolean cutting(long offset) {
        lowestCut = Math.min(lowestCut, offset);
        cuts++;
        rewrites++;
        boolean before = cutUnfinished;
        cutUnfinished = true;
        return before;
    }

    /** Says that the log has been truncated: a view that was taken meanwhile may be of both. */
    void cut() {
        settleSegments(endOffset);
        cuts++;
    }

    /** Batches were appended, with the producer state. */
    void appended() {
        if (producers.firstOpenTransactionOffset() != openFromOffset) {
            settleSegments(endOffset);
        }
    }

    /**
     * Notes before which segments all transactions have ended.
     *
     * @param end the offset that the producer state is of
     */
    void settleSegments(long end) {
        openFromOffset = producers.firstOpenTransactionOffset();
        long settled = openFromOffset < 0 ? end : Math.min(openFromOffset, end);
        LogSegment[] all = segments.all();
        // Those before one that is settled are so themselves.
        for (int i = all.length - 1; i >= 0 && all[i].settledBy() > end; i--) {
            all[i].settledBy(all[i].baseOffset() <= settled ? end : Long.MAX_VALUE);
        }
    }

    LogSegment createSegment(long baseOffset, long nowMs) throws IOException {
        LogSegment segment = LogSegment.create(context.files(), folder, baseOffset, indexBlock, nowMs);
        names.changed();
        segments.add(segment);
        settleSegments(baseOffset);
        return segment;
    }

    void writeProducerSnapshot(long offset) throws IOException {
        ProducerSnapshot.write(
                context.files(), LogFileNames.path(folder, offset, LogFileNames.PRODUCER_SNAPSHOT), producers);
        names.changed();
        snapshotOffset = offset;
    }
}
