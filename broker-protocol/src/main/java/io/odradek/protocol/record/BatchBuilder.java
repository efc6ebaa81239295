package io.odradek.protocol.record;

import io.odradek.protocol.wire.Varints;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Builds one batch in memory, base offset 0, offset deltas 0, 1, 2... unless they are given: for records that the broker
 * itself writes, for those of older formats, and for tests. Records are copied in, and compressed when the batch is built.
 */
public final class BatchBuilder {
    private static final int NULL_SIZE_BYTES = 1;

    private final int maxBytes;
    private final BatchBytes records;
    private int recordCount;
    private int lastOffsetDelta = -1;
    private long baseTimestampMs = RecordBatch.NO_TIMESTAMP;
    private long maxTimestampMs = RecordBatch.NO_TIMESTAMP;

    private CompressionCodec codec = CompressionCodec.NONE;
    private int level = CompressionCodec.DEFAULT_LEVEL;
    private int flags;
    private long logAppendTimeMs;
    private long producerId = RecordBatch.NO_PRODUCER_ID;
    private short producerEpoch = RecordBatch.NO_PRODUCER_EPOCH;
    private int baseSequence = RecordBatch.NO_SEQUENCE;
    private int leaderEpoch = RecordBatch.NO_LEADER_EPOCH;

    /** @param maxBytes beyond which appending and building fail with MESSAGE_TOO_LARGE; holds for the records before compression too */
    public BatchBuilder(int maxBytes) {
        this.maxBytes = maxBytes;
        this.records = new BatchBytes(maxBytes);
    }

    /** Compresses with this codec at its default level. */
    public BatchBuilder codec(CompressionCodec newCodec) {
        return codec(newCodec, CompressionCodec.DEFAULT_LEVEL);
    }

    /** Compresses with this codec and level. */
    public BatchBuilder codec(CompressionCodec newCodec, int newLevel) {
        codec = newCodec;
        level = newLevel;
        return this;
    }

    /** Makes the batch one of LogAppendTime, with this time. */
    public BatchBuilder logAppendTime(long timestampMs) {
        flags |= RecordBatch.LOG_APPEND_TIME_FLAG;
        logAppendTimeMs = timestampMs;
        return this;
    }

    /** Sets the idempotent producer that the batch is of. */
    public BatchBuilder producer(long id, short epoch, int sequence) {
        producerId = id;
        producerEpoch = epoch;
        baseSequence = sequence;
        return this;
    }

    /** Makes the batch part of its producer's transaction. */
    public BatchBuilder transactional() {
        flags |= RecordBatch.TRANSACTIONAL_FLAG;
        return this;
    }

    /** Makes the batch's records control records. */
    public BatchBuilder control() {
        flags |= RecordBatch.CONTROL_FLAG;
        return this;
    }

    /** Sets the epoch of the leader that writes the batch. */
    public BatchBuilder leaderEpoch(int epoch) {
        leaderEpoch = epoch;
        return this;
    }

    /** Adds a record without headers; see {@link #append(long, ByteBuffer, ByteBuffer, List)}. */
    public BatchBuilder append(long timestampMs, ByteBuffer key, ByteBuffer value) {
        return append(timestampMs, key, value, List.of());
    }

    /**
     * Adds a record.
     *
     * @param timestampMs its timestamp; {@link RecordBatch#NO_TIMESTAMP} for none
     * @param key the bytes between position and limit, or null; not moved
     * @param value the bytes between position and limit, or null; not moved
     * @param headers its headers, in order
     */
    public BatchBuilder append(long timestampMs, ByteBuffer key, ByteBuffer value, List<RecordHeader> headers) {
        return append(lastOffsetDelta + 1, timestampMs, key, value, headers);
    }

    /**
     * Adds a record with an offset of its own; see {@link #append(long, ByteBuffer, ByteBuffer, List)}.
     *
     * @param offsetDelta its offset less the base offset, larger than that of the record before
     */
    public BatchBuilder append(
            int offsetDelta, long timestampMs, ByteBuffer key, ByteBuffer value, List<RecordHeader> headers) {
        lastOffsetDelta = offsetDelta;
        if (recordCount == 0) {
            baseTimestampMs = timestampMs;
        }
        long timestampDelta = timestampMs - baseTimestampMs;
        int bodySize = bodySizeBytes(timestampDelta, key, value, headers);
        ByteBuffer out = records.room(Math.addExact(bodySize, Varints.sizeOfInt(bodySize)));
        Varints.writeInt(out, bodySize);
        out.put((byte) 0);
        Varints.writeLong(out, timestampDelta);
        Varints.writeInt(out, offsetDelta);
        put(out, key);
        put(out, value);
        Varints.writeInt(out, headers.size());
        for (RecordHeader header : headers) {
            put(out, header.key());
            put(out, header.value());
        }
        maxTimestampMs = Math.max(maxTimestampMs, timestampMs);
        recordCount++;
        return this;
    }

    /** {@return how many records were added} */
    public int recordCount() {
        return recordCount;
    }

    /** {@return the offset delta of the record that was added last, -1 for none} */
    public int lastOffsetDelta() {
        return lastOffsetDelta;
    }

    /** {@return the size of the batch if it were built now without compression} */
    public int sizeBytes() {
        return RecordBatch.HEADER_SIZE + records.sizeBytes();
    }

    /**
     * {@return the batch, between position 0 and limit of a heap buffer of its own; the builder can go on}
     *
     * @throws IllegalStateException if no record was added
     */
    public ByteBuffer build() {
        if (recordCount == 0) {
            throw new IllegalStateException("A batch needs a record");
        }
        BatchBytes out = new BatchBytes(maxBytes);
        putHeader(out.room(RecordBatch.HEADER_SIZE));
        ByteBuffer body = records.written();
        if (codec == CompressionCodec.NONE) {
            out.room(body.limit()).put(body);
        } else {
            compress(body, out);
        }
        ByteBuffer batch = out.written();
        seal(batch);
        return batch;
    }

    /** Sets length and checksum of a batch that fills its buffer from index 0 to the limit. */
    static void seal(ByteBuffer batch) {
        batch.putInt(RecordBatch.LENGTH, batch.limit() - RecordBatch.LOG_OVERHEAD);
        batch.putInt(RecordBatch.CRC, RecordBatch.computeCrc(batch, 0));
    }

    private void compress(ByteBuffer body, BatchBytes out) {
        try (OutputStream deflated = CompressionStreams.deflate(codec, out, level)) {
            deflated.write(body.array(), 0, body.limit());
        } catch (IOException e) {
            throw new UncheckedIOException("Compression into memory failed", e);
        }
    }

    private void putHeader(ByteBuffer out) {
        boolean logAppendTime = (flags & RecordBatch.LOG_APPEND_TIME_FLAG) != 0;
        out.putLong(0)
                .putInt(0)
                .putInt(leaderEpoch)
                .put(RecordBatch.MAGIC)
                .putInt(0)
                .putShort((short) (flags | codec.id()))
                .putInt(lastOffsetDelta)
                .putLong(baseTimestampMs)
                .putLong(logAppendTime ? logAppendTimeMs : maxTimestampMs)
                .putLong(producerId)
                .putShort(producerEpoch)
                .putInt(baseSequence)
                .putInt(recordCount);
    }

    private int bodySizeBytes(long timestampDelta, ByteBuffer key, ByteBuffer value, List<RecordHeader> headers) {
        int size = 1 + Varints.sizeOfLong(timestampDelta) + Varints.sizeOfInt(lastOffsetDelta);
        size = Math.addExact(size, sizeOf(key));
        size = Math.addExact(size, sizeOf(value));
        size += Varints.sizeOfInt(headers.size());
        for (RecordHeader header : headers) {
            size = Math.addExact(size, sizeOf(header.key()));
            size = Math.addExact(size, sizeOf(header.value()));
        }
        return size;
    }

    private static int sizeOf(ByteBuffer bytes) {
        return bytes == null ? NULL_SIZE_BYTES : Varints.sizeOfInt(bytes.remaining()) + bytes.remaining();
    }

    private static void put(ByteBuffer out, ByteBuffer bytes) {
        if (bytes == null) {
            Varints.writeInt(out, -1);
        } else {
            Varints.writeInt(out, bytes.remaining());
            out.put(bytes.duplicate());
        }
    }
}
