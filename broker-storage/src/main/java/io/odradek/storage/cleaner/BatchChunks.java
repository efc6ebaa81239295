package io.odradek.storage.cleaner;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.log.BatchScanner;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads a closed segment in chunks of whole batches, each with a right checksum. Most chunks fit the buffer it is given; for
 * a larger batch one is made, and dropped again, once the batch is known to be one.
 */
final class BatchChunks {
    private final ByteBuffer ownBuffer;
    private ByteBuffer buffer;
    private LogFile file;
    private long position;
    private long end;

    /** @param buffer the memory to read into */
    BatchChunks(ByteBuffer buffer) {
        this.ownBuffer = buffer;
        this.buffer = buffer;
    }

    /** Starts before the first batch of a file that has so many bytes. */
    void start(LogFile newFile, long sizeBytes) {
        file = newFile;
        position = 0;
        end = sizeBytes;
    }

    /**
     * Reads the next chunk into {@link #buffer}, between position 0 and the limit.
     *
     * @return false at the end
     * @throws UncleanableException if what comes next is no whole batch with a right checksum
     */
    boolean next() throws IOException, UncleanableException {
        if (position == end) {
            return false;
        }
        buffer = ownBuffer;
        read();
        int whole = wholeBatches();
        if (whole == 0) {
            buffer = ByteBuffer.allocate(nextBatchBytes());
            read();
            whole = wholeBatches();
        }
        buffer.limit(whole);
        position += whole;
        return true;
    }

    private void read() throws IOException {
        int wanted = (int) Math.min(buffer.capacity(), end - position);
        buffer.clear().limit(wanted);
        int count = file.read(buffer, position);
        if (count < wanted) {
            throw new EOFException(file.path() + " ends at byte " + (position + count) + " before " + end);
        }
        buffer.flip();
    }

    private int wholeBatches() throws UncleanableException {
        int at = 0;
        while (buffer.limit() - at >= RecordBatch.HEADER_SIZE) {
            requireHeader(at);
            int size = RecordBatch.sizeBytes(buffer, at);
            if (size > buffer.limit() - at) {
                return at;
            }
            if (!RecordBatch.hasValidCrc(buffer, at)) {
                throw damaged(at, "a batch has a wrong checksum");
            }
            at += size;
        }
        if (at == 0 || position + buffer.limit() == end && at < buffer.limit()) {
            throw damaged(at, "there is no whole batch");
        }
        return at;
    }

    private void requireHeader(int at) throws UncleanableException {
        int length = RecordBatch.length(buffer, at);
        if (length < RecordBatch.HEADER_SIZE - RecordBatch.LOG_OVERHEAD
                || length > end - position - at - RecordBatch.LOG_OVERHEAD) {
            throw damaged(at, "a batch claims a length of " + length + " bytes");
        }
        if (RecordBatch.magic(buffer, at) != RecordBatch.MAGIC) {
            throw damaged(at, "a batch has magic " + RecordBatch.magic(buffer, at));
        }
        if (RecordBatch.lastOffsetDelta(buffer, at) < 0) {
            throw damaged(at, "a batch has a negative offset delta");
        }
    }

    /** {@return the size of the next batch, which is larger than the buffer; its checksum is compared before it is believed} */
    private int nextBatchBytes() throws IOException, UncleanableException {
        BatchScanner scanner = new BatchScanner(ownBuffer);
        scanner.start(file, position, end);
        if (!scanner.next() || !scanner.hasValidCrc()) {
            throw damaged(0, scanner.problem());
        }
        return scanner.sizeBytes();
    }

    private UncleanableException damaged(int at, String what) {
        return new UncleanableException(file.path() + " is damaged at byte " + (position + at) + ": " + what);
    }

    /** {@return the buffer with the chunk} */
    ByteBuffer buffer() {
        return buffer;
    }
}
