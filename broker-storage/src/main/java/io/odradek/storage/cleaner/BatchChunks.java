package io.odradek.storage.cleaner;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.legacy.LegacyMessage;
import io.odradek.protocol.record.legacy.UpConversion;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.log.BatchScanner;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads a closed segment in chunks of whole batches, each with a right checksum. Most chunks fit the buffer it is given; for
 * a larger batch one is made, and dropped again, once the batch is known to be one. Messages of magic 0 and 1 are handed out as
 * batches, and so written as such.
 */
final class BatchChunks {
    /** What plain messages are put together to. */
    private static final int RUN_BYTES = 64 << 10;

    private final ByteBuffer ownBuffer;
    private final int maxInflatedBytes;
    private ByteBuffer buffer;
    private LogFile file;
    private long position;
    private long end;
    private boolean anyLegacy;

    /** @param buffers have the memory to read into */
    BatchChunks(CleanerBuffers buffers) {
        this.ownBuffer = buffers.forReading();
        this.buffer = ownBuffer;
        this.maxInflatedBytes = buffers.maxInflatedBytes();
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
        if (anyLegacy) {
            buffer = UpConversion.toBatches(buffer, maxInflatedBytes, RUN_BYTES);
        }
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
        anyLegacy = false;
        while (buffer.limit() - at >= LegacyMessage.SMALLEST_SIZE) {
            boolean legacy = RecordBatch.magic(buffer, at) != RecordBatch.MAGIC && LegacyMessage.isLegacy(buffer, at);
            if (!legacy && buffer.limit() - at < RecordBatch.HEADER_SIZE) {
                break;
            }
            requireHeader(at, legacy);
            int size = RecordBatch.sizeBytes(buffer, at);
            if (size > buffer.limit() - at) {
                return at;
            }
            if (!(legacy ? hasValidCrc(at) : RecordBatch.hasValidCrc(buffer, at))) {
                throw damaged(at, "a batch has a wrong checksum");
            }
            anyLegacy |= legacy;
            at += size;
        }
        if (at == 0 || position + buffer.limit() == end && at < buffer.limit()) {
            throw damaged(at, "there is no whole batch");
        }
        return at;
    }

    private boolean hasValidCrc(int at) {
        return LegacyMessage.isWhole(buffer, at, buffer.limit()) && LegacyMessage.hasValidCrc(buffer, at);
    }

    private void requireHeader(int at, boolean legacy) throws UncleanableException {
        int length = RecordBatch.length(buffer, at);
        int smallest = legacy ? LegacyMessage.SMALLEST_SIZE : RecordBatch.HEADER_SIZE;
        if (length < smallest - RecordBatch.LOG_OVERHEAD || length > end - position - at - RecordBatch.LOG_OVERHEAD) {
            throw damaged(at, "a batch claims a length of " + length + " bytes");
        }
        if (legacy) {
            return;
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
