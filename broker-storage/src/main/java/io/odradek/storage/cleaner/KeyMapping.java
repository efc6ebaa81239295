package io.odradek.storage.cleaner;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.LogFileNames;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The first half of a cleaning: reads the dirty part, and notes each key's last offset until the map is full. */
final class KeyMapping implements AutoCloseable {
    private final LogFileSystem files;
    private final CleaningJob job;
    private final OffsetMap map;
    private final BatchChunks chunks;
    private final int maxInflatedBytes;
    private final CleaningStats stats;
    private final TransactionMarks marks = new TransactionMarks();
    private final AbortedTransactions aborted;
    private final RecordCursor cursor = new RecordCursor();
    private final int endSegment;
    private int segment;
    private LogFile file;
    private boolean full;

    KeyMapping(LogFileSystem files, CleaningJob job, OffsetMap map, CleanerBuffers buffers, CleaningStats stats) {
        this.files = files;
        this.job = job;
        this.map = map;
        this.chunks = new BatchChunks(buffers);
        this.maxInflatedBytes = buffers.maxInflatedBytes();
        this.stats = stats;
        this.segment = job.firstDirtySegment();
        this.endSegment = job.segmentsBefore(job.range().endOffset());
        this.aborted = new AbortedTransactions(files, job.view(), segment, marks);
    }

    /** Reads a chunk. {@return whether there may be more to do} */
    boolean step() throws IOException, UncleanableException {
        if (full || segment >= endSegment) {
            return false;
        }
        if (file == null) {
            aborted.readFor(segment);
            file = files.openForRead(job.view().path(segment, LogFileNames.LOG));
            chunks.start(file, job.view().sizeBytes(segment));
        }
        if (chunks.next()) {
            ByteBuffer buffer = chunks.buffer();
            stats.mapped(buffer.limit());
            for (int at = 0; at < buffer.limit() && !full; at += RecordBatch.sizeBytes(buffer, at)) {
                full = !add(buffer, at);
            }
            return !full;
        }
        close();
        segment++;
        // The segment's last records may have been cleaned away before.
        map.seenUpTo(job.view().baseOffset(segment) - 1);
        return segment < endSegment;
    }

    private boolean add(ByteBuffer buffer, int at) {
        if (RecordBatch.isControl(buffer, at)) {
            marks.endedBy(buffer, at, cursor);
        } else if (!marks.isAborted(buffer, at)
                && RecordBatch.lastOffset(buffer, at) >= job.range().firstDirtyOffset()
                && !addRecords(buffer, at)) {
            return false;
        }
        map.seenUpTo(RecordBatch.lastOffset(buffer, at));
        return true;
    }

    private boolean addRecords(ByteBuffer buffer, int at) {
        cursor.open(buffer, at, maxInflatedBytes);
        try {
            while (cursor.next()) {
                if (cursor.hasKey()
                        && cursor.offset() >= job.range().firstDirtyOffset()
                        && !map.put(cursor.buffer(), cursor.keyPosition(), cursor.keySize(), cursor.offset())) {
                    return false;
                }
            }
            return true;
        } finally {
            cursor.close();
        }
    }

    /** {@return whether the map had no room for all keys of the dirty part} */
    boolean full() {
        return full;
    }

    /** {@return whether it had none for those of the first segment} */
    boolean fullInFirstSegment() {
        return full && segment == job.firstDirtySegment();
    }

    /** {@return the segment that was read last} */
    int segment() {
        return segment;
    }

    @Override
    public void close() throws IOException {
        cursor.close();
        LogFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }
}
