package io.odradek.protocol.wire;

import io.odradek.protocol.errors.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the primitive types of the protocol from one message (protocol guide, "Protocol Primitive Types"; compact types
 * and tagged fields: KIP-482). Every length is checked against the bytes that remain before anything is allocated for it,
 * and every failure is a {@link MalformedMessageException}. The parameter {@code compact} says whether a length travels
 * as an unsigned varint of length + 1 (0 is null) or as a signed integer of fixed size (-1 is null).
 *
 * <p>What is made on the heap of the bytes read is charged before it is made, by estimate, and may be limited: two bytes of
 * a message can become eighty of objects. Records are slices and take no heap of their own but for the slice; unknown
 * tagged fields are skipped and take none.
 *
 * <p>Not for use by several threads. The buffer's position moves with the reader.
 */
public final class WireReader {
    /** The bytes of an empty {@code bytes} field. */
    public static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private static final int LARGEST_FIRST_CAPACITY = 4096;

    // Of a 64-bit JVM with compressed references; without them it is up to half as much again.
    private static final int STRING_BYTES = 24 + 16;
    private static final int BUFFER_BYTES = 56;
    private static final int ARRAY_BYTES = 16;
    private static final int LIST_BYTES = 24 + 16;
    private static final int PAYLOAD_BYTES = 16 + BUFFER_BYTES;
    private static final int UUID_BYTES = 32;

    private final ByteBuffer in;
    private long heapLimitBytes = Long.MAX_VALUE;
    private long chargedBytes;

    /** @param in the message, from position to limit, big-endian; {@code records} are slices of it */
    public WireReader(ByteBuffer in) {
        if (in.order() != ByteOrder.BIG_ENDIAN) {
            throw new IllegalArgumentException("The protocol is big-endian");
        }
        this.in = in;
    }

    /**
     * Limits the heap that the message may take when it is decoded. Without this there is no limit but that of its length.
     *
     * @param bytes what may be charged in all, that which has been charged already included
     * @return this reader, which throws a {@link MessageTooLargeException} rather than go beyond the limit
     */
    public WireReader limitHeap(long bytes) {
        heapLimitBytes = bytes;
        return this;
    }

    /** {@return the heap, in bytes and by estimate, of what has been read so far} */
    public long chargedBytes() {
        return chargedBytes;
    }

    /** Charges what is about to be made on the heap. @throws MessageTooLargeException if that is too much */
    public void charge(long bytes) {
        chargedBytes += bytes;
        if (chargedBytes > heapLimitBytes) {
            throw new MessageTooLargeException(heapLimitBytes);
        }
    }

    /** {@return the bytes not yet read: after a whole message, those that follow its end} */
    public int remaining() {
        return in.remaining();
    }

    /** Refuses bytes after the end of the message. */
    public void expectEnd() {
        if (in.hasRemaining()) {
            throw new MalformedMessageException(in.remaining() + " bytes follow the end of the message");
        }
    }

    /** {@return one byte, true unless it is 0} */
    public boolean readBoolean() {
        return readInt8() != 0;
    }

    public byte readInt8() {
        require(1);
        return in.get();
    }

    public short readInt16() {
        require(2);
        return in.getShort();
    }

    /** {@return 0 to 65535} */
    public int readUnsigned16() {
        return readInt16() & 0xffff;
    }

    public int readInt32() {
        require(4);
        return in.getInt();
    }

    /** {@return 0 to 4294967295} */
    public long readUnsigned32() {
        return readInt32() & 0xffff_ffffL;
    }

    public long readInt64() {
        require(8);
        return in.getLong();
    }

    public double readFloat64() {
        require(8);
        return in.getDouble();
    }

    /** {@return an unsigned varint, to be taken as an unsigned 32-bit integer} */
    public int readUnsignedVarint() {
        return Varints.readUnsigned(in);
    }

    public Uuid readUuid() {
        require(16);
        long high = in.getLong();
        long low = in.getLong();
        if ((high | low) == 0) {
            return Uuid.ZERO;
        }
        charge(UUID_BYTES);
        return new Uuid(high, low);
    }

    /** {@return the error of an int16; {@link ErrorCode#UNKNOWN_SERVER_ERROR} for one that the table does not have} */
    public ErrorCode readErrorCode() {
        return ErrorCode.of(readInt16());
    }

    /** {@return a string of at most 32767 bytes, never null} */
    public String readString(boolean compact) {
        return notNull(readNullableString(compact));
    }

    /** {@return a string of at most 32767 bytes, or null; what is not UTF-8 in it is U+FFFD} */
    public String readNullableString(boolean compact) {
        int length = compact ? compactLength() : readInt16();
        if (length > Utf8.LONGEST_STRING_BYTES) {
            throw new MalformedMessageException("a string of " + length + " bytes, when 32767 are allowed");
        }
        if (isNull(length)) {
            return null;
        }
        require(length);
        if (length == 0) {
            return "";
        }
        charge(STRING_BYTES + length);
        return Utf8.decode(in, length);
    }

    /** {@return a copy of the bytes on the heap, never null} */
    public ByteBuffer readBytes(boolean compact) {
        return notNull(readNullableBytes(compact));
    }

    /** {@return a copy of the bytes on the heap, or null} */
    public ByteBuffer readNullableBytes(boolean compact) {
        int length = compact ? compactLength() : readInt32();
        if (isNull(length)) {
            return null;
        }
        require(length);
        if (length == 0) {
            return NO_BYTES;
        }
        charge(BUFFER_BYTES + ARRAY_BYTES + length);
        byte[] copy = new byte[length];
        in.get(copy);
        return ByteBuffer.wrap(copy);
    }

    /** {@return a slice of the message's own buffer, never null} */
    public BytesPayload readRecords(boolean compact) {
        return notNull(readNullableRecords(compact));
    }

    /** {@return a slice of the message's own buffer, or null} */
    public BytesPayload readNullableRecords(boolean compact) {
        int length = compact ? compactLength() : readInt32();
        if (isNull(length)) {
            return null;
        }
        require(length);
        charge(PAYLOAD_BYTES);
        ByteBuffer slice = in.slice(in.position(), length);
        in.position(in.position() + length);
        return new BytesPayload(slice);
    }

    /**
     * {@return the number of elements of an array that may not be null}
     *
     * @param minElementBytes the fewest bytes an element can take, at least 1
     */
    public int readArrayLength(boolean compact, int minElementBytes) {
        int count = readNullableArrayLength(compact, minElementBytes);
        if (count < 0) {
            throw nullRefused();
        }
        return count;
    }

    /**
     * {@return the number of elements of an array, -1 for null}
     *
     * @param minElementBytes the fewest bytes an element can take, at least 1
     */
    public int readNullableArrayLength(boolean compact, int minElementBytes) {
        int count = compact ? compactLength() : readInt32();
        if (isNull(count)) {
            return -1;
        }
        if (count > in.remaining() / minElementBytes) {
            throw new MalformedMessageException("an array of " + count + " elements of at least " + minElementBytes
                    + " bytes in the " + in.remaining() + " bytes that remain");
        }
        return count;
    }

    /**
     * {@return an empty list for so many elements; its first capacity is bounded whatever the count says}
     *
     * @param elementBytes what one of them takes on the heap, with the reference to it, but without what is charged as it is
     *     read: strings, buffers, lists
     */
    public <T> List<T> newList(int count, int elementBytes) {
        charge(LIST_BYTES + (long) count * elementBytes);
        return new ArrayList<>(Math.min(count, LARGEST_FIRST_CAPACITY));
    }

    /** {@return whether a nullable structure follows; its int8 marker is -1 for null and 1 otherwise} */
    public boolean readStructurePresent() {
        return readInt8() >= 0;
    }

    /** {@return the number of tagged fields that follow} */
    public int readTagCount() {
        int count = Varints.readUnsigned(in);
        if (count < 0 || count > in.remaining() / 2) {
            throw new MalformedMessageException(
                    Integer.toUnsignedString(count) + " tagged fields in the " + in.remaining() + " bytes that remain");
        }
        return count;
    }

    /** {@return the next tag} @param previous the tag before it, -1 for none: tags must ascend */
    public int readTag(int previous) {
        int tag = Varints.readUnsigned(in);
        if (tag < 0 || tag <= previous) {
            throw new MalformedMessageException(
                    "tag " + Integer.toUnsignedString(tag) + " after tag " + previous + ", when tags must ascend");
        }
        return tag;
    }

    /** {@return where the tagged field that begins here ends, for {@link #skipTo} or {@link #expectAt}} */
    public int readTaggedFieldEnd() {
        int size = Varints.readUnsigned(in);
        requireUnsigned(size);
        return in.position() + size;
    }

    /** Skips an unknown tagged field. */
    public void skipTo(int end) {
        in.position(end);
    }

    /** Checks that a tagged field was as long as its size said. */
    public void expectAt(int end) {
        if (in.position() != end) {
            throw new MalformedMessageException(
                    "a tagged field ends " + (in.position() - end) + " bytes after where its size says");
        }
    }

    /** Skips a section of tagged fields none of which are known. */
    public void skipTaggedFields() {
        int tag = -1;
        for (int left = readTagCount(); left > 0; left--) {
            tag = readTag(tag);
            skipTo(readTaggedFieldEnd());
        }
    }

    private int compactLength() {
        int raw = Varints.readUnsigned(in);
        if (raw < 0) {
            throw new MalformedMessageException("a length of " + Integer.toUnsignedString(raw - 1));
        }
        return raw - 1;
    }

    private static boolean isNull(int length) {
        if (length >= 0) {
            return false;
        }
        if (length == -1) {
            return true;
        }
        throw new MalformedMessageException("a length of " + length);
    }

    private void requireUnsigned(int bytes) {
        if (bytes < 0) {
            throw new MalformedMessageException("a length of " + Integer.toUnsignedString(bytes));
        }
        require(bytes);
    }

    private void require(int bytes) {
        if (in.remaining() < bytes) {
            throw new MalformedMessageException(bytes + " bytes are needed, when " + in.remaining() + " remain");
        }
    }

    private static <T> T notNull(T value) {
        if (value == null) {
            throw nullRefused();
        }
        return value;
    }

    private static MalformedMessageException nullRefused() {
        return new MalformedMessageException("null, when this version does not allow it");
    }
}
