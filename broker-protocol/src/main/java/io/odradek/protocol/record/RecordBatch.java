package io.odradek.protocol.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Reads and stamps the header of a record batch of magic 2 (KIP-98) where it lies: every accessor takes the buffer and the
 * absolute index at which the batch starts, allocates nothing, and leaves the buffer's position and limit alone. The
 * buffer is big-endian, and the caller has seen to it that {@link #HEADER_SIZE} bytes are there ({@link #PREFIX_SIZE} for
 * base offset, size, leader epoch and magic).
 *
 * <p>The checksum covers all from the attributes on; base offset, length and leader epoch are outside it.
 */
public final class RecordBatch {
    /** Bytes before the first record. */
    public static final int HEADER_SIZE = 61;
    /** Bytes after which the size and the magic of a batch are known. */
    public static final int PREFIX_SIZE = 17;
    /** Bytes that the length field does not count: the base offset and itself. */
    public static final int LOG_OVERHEAD = 12;
    /** The only record format served. */
    public static final byte MAGIC = 2;
    /** The producer id of a batch from a producer that is not idempotent. */
    public static final long NO_PRODUCER_ID = -1;
    /** The producer epoch of a batch without producer id. */
    public static final short NO_PRODUCER_EPOCH = -1;
    /** The base sequence of a batch without producer id, and of control batches. */
    public static final int NO_SEQUENCE = -1;
    /** The timestamp of a record that has none. */
    public static final long NO_TIMESTAMP = -1;
    /** The leader epoch of a batch that no leader has stamped. */
    public static final int NO_LEADER_EPOCH = -1;

    static final int BASE_OFFSET = 0;
    static final int LENGTH = 8;
    static final int LEADER_EPOCH = 12;
    static final int MAGIC_OFFSET = 16;
    static final int CRC = 17;
    static final int ATTRIBUTES = 21;
    static final int LAST_OFFSET_DELTA = 23;
    static final int BASE_TIMESTAMP = 27;
    static final int MAX_TIMESTAMP = 35;
    static final int PRODUCER_ID = 43;
    static final int PRODUCER_EPOCH = 51;
    static final int BASE_SEQUENCE = 53;
    static final int RECORD_COUNT = 57;

    static final int CODEC_MASK = 0x07;
    static final int LOG_APPEND_TIME_FLAG = 0x08;
    static final int TRANSACTIONAL_FLAG = 0x10;
    static final int CONTROL_FLAG = 0x20;
    static final int DELETE_HORIZON_FLAG = 0x40;

    private RecordBatch() {}

    /** {@return the offset of the first record; once compaction ran, the offset the first record had} */
    public static long baseOffset(ByteBuffer buffer, int position) {
        return buffer.getLong(position + BASE_OFFSET);
    }

    /** {@return the length field: bytes after the field itself, as claimed; negative or huge in garbage} */
    public static int length(ByteBuffer buffer, int position) {
        return buffer.getInt(position + LENGTH);
    }

    /** {@return the size of the whole batch in bytes, as claimed; check {@link #length} first where bytes are not trusted} */
    public static int sizeBytes(ByteBuffer buffer, int position) {
        return length(buffer, position) + LOG_OVERHEAD;
    }

    /** {@return the epoch of the leader that appended the batch} */
    public static int leaderEpoch(ByteBuffer buffer, int position) {
        return buffer.getInt(position + LEADER_EPOCH);
    }

    /** {@return the format of the batch; the other accessors hold for {@link #MAGIC} only} */
    public static byte magic(ByteBuffer buffer, int position) {
        return buffer.get(position + MAGIC_OFFSET);
    }

    /** {@return the stored CRC-32C} */
    public static int crc(ByteBuffer buffer, int position) {
        return buffer.getInt(position + CRC);
    }

    /** {@return the attribute bits} */
    public static short attributes(ByteBuffer buffer, int position) {
        return buffer.getShort(position + ATTRIBUTES);
    }

    /** {@return the id of the compression codec, 0 to 7; {@code CompressionCodec.ofId} knows those in use} */
    public static int codecId(ByteBuffer buffer, int position) {
        return attributes(buffer, position) & CODEC_MASK;
    }

    /** {@return whether the records are compressed} */
    public static boolean isCompressed(ByteBuffer buffer, int position) {
        return codecId(buffer, position) != 0;
    }

    /** {@return who set the timestamps} */
    public static TimestampType timestampType(ByteBuffer buffer, int position) {
        return has(buffer, position, LOG_APPEND_TIME_FLAG) ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
    }

    /** {@return whether the batch is part of a transaction} */
    public static boolean isTransactional(ByteBuffer buffer, int position) {
        return has(buffer, position, TRANSACTIONAL_FLAG);
    }

    /** {@return whether the batch holds a control record, which no application sees} */
    public static boolean isControl(ByteBuffer buffer, int position) {
        return has(buffer, position, CONTROL_FLAG);
    }

    /** {@return whether {@link #baseTimestamp} is the time after which tombstones and markers may go (KIP-534)} */
    public static boolean hasDeleteHorizon(ByteBuffer buffer, int position) {
        return has(buffer, position, DELETE_HORIZON_FLAG);
    }

    /** {@return the last record's offset less the base offset} */
    public static int lastOffsetDelta(ByteBuffer buffer, int position) {
        return buffer.getInt(position + LAST_OFFSET_DELTA);
    }

    /** {@return the last record's offset} */
    public static long lastOffset(ByteBuffer buffer, int position) {
        return baseOffset(buffer, position) + lastOffsetDelta(buffer, position);
    }

    /** {@return the offset after the last record} */
    public static long nextOffset(ByteBuffer buffer, int position) {
        return lastOffset(buffer, position) + 1;
    }

    /** {@return what the records' timestamp deltas count from, in ms} */
    public static long baseTimestamp(ByteBuffer buffer, int position) {
        return buffer.getLong(position + BASE_TIMESTAMP);
    }

    /** {@return the largest timestamp of the records in ms, {@link #NO_TIMESTAMP} for none} */
    public static long maxTimestamp(ByteBuffer buffer, int position) {
        return buffer.getLong(position + MAX_TIMESTAMP);
    }

    /** {@return the idempotent producer's id, {@link #NO_PRODUCER_ID} for none} */
    public static long producerId(ByteBuffer buffer, int position) {
        return buffer.getLong(position + PRODUCER_ID);
    }

    /** {@return whether an idempotent producer wrote the batch} */
    public static boolean hasProducerId(ByteBuffer buffer, int position) {
        return producerId(buffer, position) > NO_PRODUCER_ID;
    }

    /** {@return the idempotent producer's epoch} */
    public static short producerEpoch(ByteBuffer buffer, int position) {
        return buffer.getShort(position + PRODUCER_EPOCH);
    }

    /** {@return the sequence number of the first record} */
    public static int baseSequence(ByteBuffer buffer, int position) {
        return buffer.getInt(position + BASE_SEQUENCE);
    }

    /** {@return the sequence number of the last record; sequences go on with 0 after the largest int} */
    public static int lastSequence(ByteBuffer buffer, int position) {
        int baseSequence = baseSequence(buffer, position);
        return baseSequence == NO_SEQUENCE
                ? NO_SEQUENCE
                : (baseSequence + lastOffsetDelta(buffer, position)) & Integer.MAX_VALUE;
    }

    /** {@return how many records the batch says it holds} */
    public static int recordCount(ByteBuffer buffer, int position) {
        return buffer.getInt(position + RECORD_COUNT);
    }

    /** {@return the CRC-32C of the bytes that the checksum covers; the whole batch must lie before the buffer's limit} */
    public static int computeCrc(ByteBuffer buffer, int position) {
        CRC32C crc = new CRC32C();
        crc.update(
                buffer.duplicate().limit(position + sizeBytes(buffer, position)).position(position + ATTRIBUTES));
        return (int) crc.getValue();
    }

    /** {@return whether the stored checksum is that of the bytes; the whole batch must lie before the buffer's limit} */
    public static boolean hasValidCrc(ByteBuffer buffer, int position) {
        return computeCrc(buffer, position) == crc(buffer, position);
    }

    /** Sets the base offset; the checksum stays right. */
    public static void setBaseOffset(ByteBuffer buffer, int position, long baseOffset) {
        buffer.putLong(position + BASE_OFFSET, baseOffset);
    }

    /** Sets the leader epoch; the checksum stays right. */
    public static void setLeaderEpoch(ByteBuffer buffer, int position, int leaderEpoch) {
        buffer.putInt(position + LEADER_EPOCH, leaderEpoch);
    }

    /** Sets max timestamp and timestamp type, and the checksum if either is new. The base timestamp stays. */
    public static void setMaxTimestamp(ByteBuffer buffer, int position, TimestampType type, long maxTimestampMs) {
        if (timestampType(buffer, position) == type && maxTimestamp(buffer, position) == maxTimestampMs) {
            return;
        }
        int others = attributes(buffer, position) & ~LOG_APPEND_TIME_FLAG;
        int flag = type == TimestampType.LOG_APPEND_TIME ? LOG_APPEND_TIME_FLAG : 0;
        buffer.putShort(position + ATTRIBUTES, (short) (others | flag));
        buffer.putLong(position + MAX_TIMESTAMP, maxTimestampMs);
        buffer.putInt(position + CRC, computeCrc(buffer, position));
    }

    /** Takes away the delete horizon, and sets the checksum if there was one; the records' timestamps stay. */
    static void clearDeleteHorizon(ByteBuffer buffer, int position) {
        if (hasDeleteHorizon(buffer, position)) {
            buffer.putShort(position + ATTRIBUTES, (short) (attributes(buffer, position) & ~DELETE_HORIZON_FLAG));
            buffer.putInt(position + CRC, computeCrc(buffer, position));
        }
    }

    private static boolean has(ByteBuffer buffer, int position, int flag) {
        return (attributes(buffer, position) & flag) != 0;
    }
}
