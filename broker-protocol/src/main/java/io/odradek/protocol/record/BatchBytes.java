package io.odradek.protocol.record;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Bytes that grow on the heap as they are written, up to a bound; for batches that are built, not for those that pass through. */
public final class BatchBytes extends OutputStream {
    private static final int FIRST_BYTES = 512;

    private final int maxBytes;
    private ByteBuffer buffer;

    /** @param maxBytes beyond which writing fails with MESSAGE_TOO_LARGE */
    public BatchBytes(int maxBytes) {
        this.maxBytes = maxBytes;
        this.buffer = ByteBuffer.allocate(Math.min(FIRST_BYTES, maxBytes));
    }

    /** {@return the buffer to write into, with room for so many bytes} */
    public ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            grow(bytes);
        }
        return buffer;
    }

    /** {@return how much has been written} */
    public int sizeBytes() {
        return buffer.position();
    }

    int capacityBytes() {
        return buffer.capacity();
    }

    /** Forgets what was written, and keeps the memory. */
    public void clear() {
        buffer.clear();
    }

    /** Forgets what was written after so many bytes. */
    public void cutTo(int sizeBytes) {
        buffer.position(sizeBytes);
    }

    /** {@return what was written, between position 0 and limit} */
    public ByteBuffer written() {
        return buffer.duplicate().flip();
    }

    @Override
    public void write(int value) {
        room(1).put((byte) value);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        room(length).put(source, offset, length);
    }

    private void grow(int bytes) {
        long needed = (long) buffer.position() + bytes;
        if (needed > maxBytes) {
            throw new ApiException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "A batch of " + needed + " bytes or more is larger than the " + maxBytes + " allowed");
        }
        long capacity = Math.min(maxBytes, Math.max(needed, 2L * buffer.capacity()));
        buffer = ByteBuffer.allocate((int) capacity).put(buffer.flip());
    }
}
