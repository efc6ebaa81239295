package io.odradek.storage.cleaner;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.CleanedSegment;
import io.odradek.storage.log.LogFileNames;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes one new segment of what stays of some neighbouring ones. */
final class GroupRewrite implements AutoCloseable {
    private final LogFileSystem files;
    private final CleaningJob job;
    private final BatchCleaner cleaner;
    private final AbortedTransactions aborted;
    private final BatchChunks chunks;
    private final ByteBuffer out;
    private final CleaningStats stats;
    private final int first;
    private final int end;
    private int segment;
    private LogFile file;
    private CleanedSegment cleaned;

    /**
     * @param first the index of the first segment
     * @param end the exclusive index of the last
     */
    GroupRewrite(
            LogFileSystem files,
            CleaningJob job,
            BatchCleaner cleaner,
            AbortedTransactions aborted,
            CleanerBuffers buffers,
            CleaningStats stats,
            int[] group) {
        this.files = files;
        this.job = job;
        this.cleaner = cleaner;
        this.aborted = aborted;
        this.chunks = new BatchChunks(buffers);
        this.out = buffers.forWriting();
        this.stats = stats;
        this.first = group[0];
        this.end = group[1];
        this.segment = first;
    }

    /** Reads and writes a chunk. {@return whether there is more to do; if not, the segment is complete and on the disk} */
    boolean step() throws IOException, UncleanableException {
        if (cleaned == null) {
            cleaned = CleanedSegment.create(
                    files,
                    job.view().folder(),
                    job.view().baseOffset(first),
                    job.config().indexIntervalBytes());
        }
        if (file == null && segment < end) {
            aborted.readFor(segment);
            file = files.openForRead(job.view().path(segment, LogFileNames.LOG));
            chunks.start(file, job.view().sizeBytes(segment));
        }
        if (file != null) {
            if (chunks.next()) {
                clean(chunks.buffer());
            } else {
                closeFile();
                segment++;
            }
            return true;
        }
        flush();
        cleaned.finish();
        return false;
    }

    private void clean(ByteBuffer buffer) throws IOException, UncleanableException {
        stats.read(buffer.limit());
        int size;
        for (int at = 0; at < buffer.limit(); at += size) {
            size = RecordBatch.sizeBytes(buffer, at);
            ByteBuffer kept = cleaner.clean(buffer, at);
            if (kept == buffer) {
                write(buffer, at, size);
            } else if (kept != null) {
                write(kept, kept.position(), kept.remaining());
            }
            stats.records(RecordBatch.recordCount(buffer, at), cleaner.keptRecords());
            if (cleaner.keptAborted() != null) {
                cleaned.append(cleaner.keptAborted());
            }
        }
    }

    private void write(ByteBuffer from, int at, int size) throws IOException, UncleanableException {
        stats.kept(size);
        if (size > out.remaining()) {
            flush();
        }
        if (size > out.capacity()) {
            append(from.duplicate().position(at).limit(at + size));
        } else {
            out.put(out.position(), from, at, size);
            out.position(out.position() + size);
        }
    }

    private void flush() throws IOException, UncleanableException {
        if (out.position() > 0) {
            append(out.flip());
            out.clear();
        }
    }

    /** Old messages, each with a batch of its own, may take more room than before: an index reaches as far as an int does. */
    private void append(ByteBuffer batches) throws IOException, UncleanableException {
        if (cleaned.sizeBytes() + batches.remaining() > Integer.MAX_VALUE) {
            throw new UncleanableException(job.view().path(first, LogFileNames.LOG)
                    + " would be larger than 2 GiB with its old messages as batches");
        }
        cleaned.append(batches);
    }

    /** {@return the new segment} */
    CleanedSegment cleaned() {
        return cleaned;
    }

    int first() {
        return first;
    }

    int end() {
        return end;
    }

    private void closeFile() throws IOException {
        LogFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }

    /** Closes what is open, and leaves the new segment to whoever took it. */
    @Override
    public void close() throws IOException {
        closeFile();
    }
}
