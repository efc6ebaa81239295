package io.odradek.protocol.wire;

import io.odradek.protocol.errors.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the primitive types of the protocol into one buffer that doubles as it fills, after four bytes for the frame's
 * length. Payloads that are not in memory, and those in memory that are large, are not copied: they become parts of
 * their own in the {@link EncodedMessage}. The parameter {@code compact} is that of {@link WireReader}.
 *
 * <p>A value that cannot be encoded is the sender's fault: an {@link IllegalStateException}. Not for use by several threads.
 */
public final class WireWriter {
    /** Payloads in memory below this many bytes are copied rather than sent as parts of their own. */
    static final int INLINE_BELOW_BYTES = 512;

    private static final int FRAME_LENGTH_BYTES = 4;
    private static final int LARGEST_BUFFER_BYTES = Integer.MAX_VALUE - 8;

    private ByteBuffer out;
    private List<OutOfLine> outOfLine = List.of();
    private long outOfLineBytes;
    private int openTaggedFields;

    private record OutOfLine(int position, Payload payload) {}

    private WireWriter(ByteBuffer out) {
        this.out = out;
        out.position(FRAME_LENGTH_BYTES);
    }

    /** {@return a writer into heap memory} @param firstCapacityBytes the buffer's size to begin with */
    public static WireWriter heap(int firstCapacityBytes) {
        return new WireWriter(ByteBuffer.allocate(Math.max(firstCapacityBytes, FRAME_LENGTH_BYTES)));
    }

    /** {@return a writer into direct memory} @param firstCapacityBytes the buffer's size to begin with */
    public static WireWriter direct(int firstCapacityBytes) {
        return new WireWriter(ByteBuffer.allocateDirect(Math.max(firstCapacityBytes, FRAME_LENGTH_BYTES)));
    }

    /**
     * Ends the message and fills in the frame's length. The writer is of no use afterwards.
     *
     * @throws IllegalStateException if the message is larger than an int32 can say
     */
    public EncodedMessage finish() {
        long sizeBytes = out.position() + outOfLineBytes;
        if (sizeBytes > Integer.MAX_VALUE) {
            throw new IllegalStateException("A message of " + sizeBytes + " bytes does not fit into a frame");
        }
        out.putInt(0, (int) sizeBytes - FRAME_LENGTH_BYTES);
        if (outOfLine.isEmpty()) {
            return new EncodedMessage(List.of(new BytesPayload(out.flip())), (int) sizeBytes);
        }
        List<Payload> parts = new ArrayList<>(2 * outOfLine.size() + 1);
        int start = 0;
        for (OutOfLine payload : outOfLine) {
            addSlice(parts, start, payload.position);
            parts.add(payload.payload);
            start = payload.position;
        }
        addSlice(parts, start, out.position());
        return new EncodedMessage(parts, (int) sizeBytes);
    }

    /**
     * Ends a message that is stored rather than sent. The writer is of no use afterwards.
     *
     * @return the bytes without a frame's length
     * @throws IllegalStateException if a payload was left out of line
     */
    public ByteBuffer finishUnframed() {
        if (!outOfLine.isEmpty()) {
            throw new IllegalStateException("A message with payloads out of line is not one buffer");
        }
        return out.flip().position(FRAME_LENGTH_BYTES).slice();
    }

    private void addSlice(List<Payload> parts, int start, int end) {
        if (end > start) {
            parts.add(new BytesPayload(out.slice(start, end - start)));
        }
    }

    public void writeBoolean(boolean value) {
        writeInt8((byte) (value ? 1 : 0));
    }

    public void writeInt8(byte value) {
        ensure(1);
        out.put(value);
    }

    public void writeInt16(short value) {
        ensure(2);
        out.putShort(value);
    }

    /** @param value 0 to 65535 */
    public void writeUnsigned16(int value) {
        if (value < 0 || value > 0xffff) {
            throw new IllegalStateException(value + " is not an unsigned 16-bit integer");
        }
        writeInt16((short) value);
    }

    public void writeInt32(int value) {
        ensure(4);
        out.putInt(value);
    }

    /** @param value 0 to 4294967295 */
    public void writeUnsigned32(long value) {
        if (value < 0 || value > 0xffff_ffffL) {
            throw new IllegalStateException(value + " is not an unsigned 32-bit integer");
        }
        writeInt32((int) value);
    }

    public void writeInt64(long value) {
        ensure(8);
        out.putLong(value);
    }

    public void writeFloat64(double value) {
        ensure(8);
        out.putDouble(value);
    }

    public void writeUnsignedVarint(int value) {
        ensure(5);
        Varints.writeUnsigned(out, value);
    }

    public void writeUuid(Uuid value) {
        ensure(16);
        out.putLong(value.mostSignificantBits());
        out.putLong(value.leastSignificantBits());
    }

    public void writeErrorCode(ErrorCode value) {
        writeInt16(value.code());
    }

    /** Writes a string of at most 32767 bytes of UTF-8. */
    public void writeString(String value, boolean compact) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > Short.MAX_VALUE) {
            throw new IllegalStateException("A string of " + bytes.length + " bytes, when 32767 are allowed");
        }
        if (compact) {
            writeUnsignedVarint(bytes.length + 1);
        } else {
            writeInt16((short) bytes.length);
        }
        ensure(bytes.length);
        out.put(bytes);
    }

    /** Writes a string as {@link #writeString} does, or null. */
    public void writeNullableString(String value, boolean compact) {
        if (value != null) {
            writeString(value, compact);
        } else if (compact) {
            writeUnsignedVarint(0);
        } else {
            writeInt16((short) -1);
        }
    }

    /** Writes the bytes between position and limit, which stay where they are. */
    public void writeBytes(ByteBuffer value, boolean compact) {
        writeLength(value.remaining(), compact);
        putCopy(value);
    }

    /** Writes bytes as {@link #writeBytes} does, or null. */
    public void writeNullableBytes(ByteBuffer value, boolean compact) {
        if (value == null) {
            writeNullLength(compact);
        } else {
            writeBytes(value, compact);
        }
    }

    /** Writes a payload: its length here, its bytes as a part of their own unless they are few and in memory. */
    public void writeRecords(Payload value, boolean compact) {
        int sizeBytes = value.sizeBytes();
        writeLength(sizeBytes, compact);
        boolean mustCopy = openTaggedFields > 0 || sizeBytes < INLINE_BELOW_BYTES;
        if (mustCopy && value instanceof BytesPayload inMemory) {
            putCopy(inMemory.buffer());
        } else if (openTaggedFields > 0) {
            throw new IllegalStateException("A payload that is not in memory cannot stand in a tagged field");
        } else if (sizeBytes > 0) {
            putOutOfLine(value, sizeBytes);
        }
    }

    /** Writes a payload as {@link #writeRecords} does, or null. */
    public void writeNullableRecords(Payload value, boolean compact) {
        if (value == null) {
            writeNullLength(compact);
        } else {
            writeRecords(value, compact);
        }
    }

    /** Writes the number of elements of an array. */
    public void writeArrayLength(int count, boolean compact) {
        writeLength(count, compact);
    }

    /** Writes the null of an array. */
    public void writeNullArray(boolean compact) {
        writeNullLength(compact);
    }

    /** Writes the int8 that tells a null structure (-1) from one that follows (1). */
    public void writeStructurePresent(boolean present) {
        writeInt8((byte) (present ? 1 : -1));
    }

    /**
     * Begins a tagged field.
     *
     * @return what {@link #endTaggedField} takes
     */
    public int beginTaggedField(int tag) {
        writeUnsignedVarint(tag);
        openTaggedFields++;
        return out.position();
    }

    /** Ends a tagged field: its bytes make room for their size, which stands before them. */
    public void endTaggedField(int start) {
        int sizeBytes = out.position() - start;
        int prefixBytes = Varints.sizeOfUnsigned(sizeBytes);
        ensure(prefixBytes);
        out.put(start + prefixBytes, out, start, sizeBytes);
        out.position(start);
        Varints.writeUnsigned(out, sizeBytes);
        out.position(start + prefixBytes + sizeBytes);
        openTaggedFields--;
    }

    /** {@return the value} @throws IllegalStateException if it is null, when the version does not allow it */
    public static <T> T required(T value, String field) {
        if (value == null) {
            throw new IllegalStateException(field + " is null, when this version does not allow it");
        }
        return value;
    }

    private void writeLength(int length, boolean compact) {
        if (compact) {
            writeUnsignedVarint(length + 1);
        } else {
            writeInt32(length);
        }
    }

    private void writeNullLength(boolean compact) {
        if (compact) {
            writeUnsignedVarint(0);
        } else {
            writeInt32(-1);
        }
    }

    private void putCopy(ByteBuffer value) {
        int length = value.remaining();
        ensure(length);
        out.put(out.position(), value, value.position(), length);
        out.position(out.position() + length);
    }

    private void putOutOfLine(Payload payload, int sizeBytes) {
        if (outOfLine.isEmpty()) {
            outOfLine = new ArrayList<>();
        }
        outOfLine.add(new OutOfLine(out.position(), payload));
        outOfLineBytes += sizeBytes;
    }

    private void ensure(int bytes) {
        if (out.remaining() < bytes) {
            grow(bytes);
        }
    }

    private void grow(int bytes) {
        long needed = (long) out.position() + bytes;
        if (needed > LARGEST_BUFFER_BYTES) {
            throw new IllegalStateException("A message of " + needed + " bytes does not fit into a buffer");
        }
        int capacity = (int) Math.min(LARGEST_BUFFER_BYTES, Math.max(needed, 2L * out.capacity()));
        ByteBuffer larger = out.isDirect() ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity);
        out = larger.put(out.flip());
    }
}
