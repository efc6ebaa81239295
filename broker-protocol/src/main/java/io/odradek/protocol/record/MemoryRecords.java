package io.odradek.protocol.record;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.legacy.LegacyMessage;
import java.nio.ByteBuffer;

/**
 * Walks the batches that lie one after the other between a buffer's position and limit, by their claimed sizes and
 * without a look at records or checksums. A cursor: call {@link #next}, then read the batch at {@link #position} with
 * {@link RecordBatch}. The buffer's own position never moves, and a walk can be started over with {@link #reset}.
 */
public final class MemoryRecords {
    private enum Mode {
        TOLERANT,
        STRICT,
        /** Tolerant, and with messages of older formats too. */
        ANY_FORMAT
    }

    private final Mode mode;
    private ByteBuffer buffer;
    private int position;
    private int sizeBytes;

    private MemoryRecords(Mode mode, ByteBuffer buffer) {
        this.mode = mode;
        reset(buffer);
    }

    /** {@return a walk that ends before a last batch that is cut: for log tails and slices of a fetch} */
    public static MemoryRecords tolerant(ByteBuffer buffer) {
        return new MemoryRecords(Mode.TOLERANT, buffer);
    }

    /** {@return a tolerant walk that does not end at messages of magic 0 or 1, of which {@link RecordBatch} knows size and magic} */
    public static MemoryRecords ofAnyFormat(ByteBuffer buffer) {
        return new MemoryRecords(Mode.ANY_FORMAT, buffer);
    }

    /** {@return a walk to which a cut last batch is CORRUPT_MESSAGE} */
    public static MemoryRecords strict(ByteBuffer buffer) {
        return new MemoryRecords(Mode.STRICT, buffer);
    }

    /** Starts over, with this buffer's bytes between position and limit. */
    public void reset(ByteBuffer records) {
        buffer = records;
        position = records.position();
        sizeBytes = 0;
    }

    /**
     * Goes to the next batch.
     *
     * @return false if there is none, or in a tolerant walk no whole one
     * @throws ApiException CORRUPT_MESSAGE for a size smaller than a batch header or a magic that is not 2, and in a strict
     *     walk for a cut batch; the cursor stays where it was
     */
    public boolean next() {
        int start = validEnd();
        int remaining = buffer.limit() - start;
        if (remaining == 0) {
            return false;
        }
        if (remaining < RecordBatch.PREFIX_SIZE) {
            return cut(start);
        }
        int length = RecordBatch.length(buffer, start);
        byte magic = RecordBatch.magic(buffer, start);
        boolean old = mode == Mode.ANY_FORMAT && magic >= 0 && magic < RecordBatch.MAGIC;
        int smallest = old ? LegacyMessage.SMALLEST_SIZE : RecordBatch.HEADER_SIZE;
        if (length < smallest - RecordBatch.LOG_OVERHEAD) {
            throw corrupt("The batch at byte " + start + " claims a length of " + length + " bytes");
        }
        if (magic != RecordBatch.MAGIC && !old) {
            throw corrupt("The batch at byte " + start + " has magic " + magic + " where 2 is expected");
        }
        if (length > remaining - RecordBatch.LOG_OVERHEAD) {
            return cut(start);
        }
        position = start;
        sizeBytes = length + RecordBatch.LOG_OVERHEAD;
        return true;
    }

    /** {@return the index of the current batch in the buffer} */
    public int position() {
        return position;
    }

    /** {@return the size of the current batch} */
    public int sizeBytes() {
        return sizeBytes;
    }

    /** {@return the index after the batches seen so far; after a tolerant walk, where whole batches end} */
    public int validEnd() {
        return position + sizeBytes;
    }

    private boolean cut(int start) {
        if (mode == Mode.STRICT) {
            throw corrupt("The batch at byte " + start + " is cut");
        }
        return false;
    }

    private static ApiException corrupt(String message) {
        return new ApiException(ErrorCode.CORRUPT_MESSAGE, message);
    }
}
