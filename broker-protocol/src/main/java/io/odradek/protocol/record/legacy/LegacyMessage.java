package io.odradek.protocol.record.legacy;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.TimestampType;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Reads one message of a message set, the record format of Kafka before 0.11, where it lies: magic 0, and magic 1 with a
 * timestamp (KIP-32). Its layout, big-endian: offset (8 bytes), size of what follows (4), CRC-32 of all after itself (4), magic
 * (1), attributes (1), with magic 1 a timestamp (8), key and value, each with its size before it (4; -1 for null). A compressed
 * message, the wrapper, has no key and a message set as its value; its offset is that of the last record in it, and with
 * magic 1 the offsets inside begin with 0 (KIP-31).
 *
 * <p>As with {@link RecordBatch}, which has offset, size and magic at the same places, every accessor takes the buffer and
 * the index at which the message starts. The caller has seen to it that it lies there whole, by {@link #isWhole}.
 */
public final class LegacyMessage {
    /** The format of Kafka before 0.10. */
    public static final byte MAGIC_0 = 0;
    /** The format of Kafka 0.10. */
    public static final byte MAGIC_1 = 1;
    /** The size of the smallest message, with what its size field does not count. */
    public static final int SMALLEST_SIZE = 26;

    static final int OFFSET = 0;
    static final int SIZE = 8;
    static final int CRC = 12;
    static final int MAGIC = 16;
    static final int ATTRIBUTES = 17;
    static final int TIMESTAMP = 18;
    static final int NULL_SIZE = -1;
    static final int CODEC_MASK = 0x07;
    static final int LOG_APPEND_TIME_FLAG = 0x08;

    private static final int TIMESTAMP_BYTES = 8;

    private LegacyMessage() {}

    /** {@return whether the entry at this place is a message of magic 0 or 1; {@link RecordBatch#PREFIX_SIZE} bytes are there} */
    public static boolean isLegacy(ByteBuffer buffer, int position) {
        byte magic = magic(buffer, position);
        return magic == MAGIC_0 || magic == MAGIC_1;
    }

    /** {@return the offset: of a wrapper, of the last record in it} */
    public static long offset(ByteBuffer buffer, int position) {
        return buffer.getLong(position + OFFSET);
    }

    /** {@return the size in bytes, with offset and size field, as claimed} */
    public static int sizeBytes(ByteBuffer buffer, int position) {
        return buffer.getInt(position + SIZE) + RecordBatch.LOG_OVERHEAD;
    }

    /** {@return the smallest size that a message of this magic can have, with offset and size field} */
    public static int smallestSize(byte magic) {
        return magic == MAGIC_0 ? SMALLEST_SIZE : SMALLEST_SIZE + TIMESTAMP_BYTES;
    }

    /** {@return the format} */
    public static byte magic(ByteBuffer buffer, int position) {
        return buffer.get(position + MAGIC);
    }

    /** {@return the stored CRC-32} */
    public static int crc(ByteBuffer buffer, int position) {
        return buffer.getInt(position + CRC);
    }

    /** {@return the attribute bits} */
    public static byte attributes(ByteBuffer buffer, int position) {
        return buffer.get(position + ATTRIBUTES);
    }

    /** {@return the id of the compression codec, 0 to 7} */
    public static int codecId(ByteBuffer buffer, int position) {
        return attributes(buffer, position) & CODEC_MASK;
    }

    /** {@return whether this is a wrapper} */
    public static boolean isCompressed(ByteBuffer buffer, int position) {
        return codecId(buffer, position) != 0;
    }

    /** {@return who set the timestamp; the producer, where there is none} */
    public static TimestampType timestampType(ByteBuffer buffer, int position) {
        return magic(buffer, position) == MAGIC_1 && (attributes(buffer, position) & LOG_APPEND_TIME_FLAG) != 0
                ? TimestampType.LOG_APPEND_TIME
                : TimestampType.CREATE_TIME;
    }

    /** {@return the timestamp in ms, of a wrapper the largest in it; {@link RecordBatch#NO_TIMESTAMP} with magic 0} */
    public static long timestampMs(ByteBuffer buffer, int position) {
        return magic(buffer, position) == MAGIC_0 ? RecordBatch.NO_TIMESTAMP : buffer.getLong(position + TIMESTAMP);
    }

    /** {@return the index of the key's size field} */
    static int keyField(int position, byte magic) {
        return position + TIMESTAMP + (magic == MAGIC_0 ? 0 : TIMESTAMP_BYTES);
    }

    /** {@return the key's size in bytes, -1 for null, as claimed} */
    public static int keySize(ByteBuffer buffer, int position) {
        return buffer.getInt(keyField(position, magic(buffer, position)));
    }

    /** {@return the index of the key} */
    public static int keyPosition(ByteBuffer buffer, int position) {
        return keyField(position, magic(buffer, position)) + Integer.BYTES;
    }

    private static int valueField(ByteBuffer buffer, int position) {
        return keyPosition(buffer, position) + Math.max(0, keySize(buffer, position));
    }

    /** {@return the value's size in bytes, negative for null, as claimed} */
    public static int valueSize(ByteBuffer buffer, int position) {
        return buffer.getInt(valueField(buffer, position));
    }

    /** {@return the index of the value} */
    public static int valuePosition(ByteBuffer buffer, int position) {
        return valueField(buffer, position) + Integer.BYTES;
    }

    /**
     * {@return whether a message lies whole before an end, and its key and value within it; what follows them counts with
     * neither, as with Kafka}
     *
     * @param end index after the last byte that may be read
     */
    public static boolean isWhole(ByteBuffer buffer, int position, int end) {
        if (end - position < SMALLEST_SIZE || !isLegacy(buffer, position)) {
            return false;
        }
        int sizeBytes = sizeBytes(buffer, position);
        if (sizeBytes < smallestSize(magic(buffer, position)) || sizeBytes > end - position) {
            return false;
        }
        int last = position + sizeBytes;
        int keySize = keySize(buffer, position);
        if (keySize < NULL_SIZE || keySize > last - keyPosition(buffer, position) - Integer.BYTES) {
            return false;
        }
        return valueSize(buffer, position) <= last - valuePosition(buffer, position);
    }

    /** {@return whether the stored checksum is that of the bytes} */
    public static boolean hasValidCrc(ByteBuffer buffer, int position) {
        return computeCrc(buffer, position) == crc(buffer, position);
    }

    /** {@return the CRC-32 of the bytes that the checksum covers} */
    public static int computeCrc(ByteBuffer buffer, int position) {
        CRC32 crc = new CRC32();
        crc.update(
                buffer.duplicate().limit(position + sizeBytes(buffer, position)).position(position + MAGIC));
        return (int) crc.getValue();
    }
}
