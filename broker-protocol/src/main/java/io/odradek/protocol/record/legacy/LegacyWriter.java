package io.odradek.protocol.record.legacy;

import io.odradek.protocol.record.BatchBytes;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.CompressionStreams;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.TimestampType;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Writes messages of magic 0 or 1 into memory, one after the other: plain ones, or those of a wrapper that is open. The
 * offsets inside a wrapper are those of the records with magic 0, and with magic 1 begin with 0 (KIP-31).
 */
final class LegacyWriter implements AutoCloseable {
    private final byte magic;
    private final BatchBytes out;
    private final BatchBytes inner = new BatchBytes(Integer.MAX_VALUE - 8);

    private OutputStream deflated;
    private CompressionCodec codec;
    private TimestampType wrapperType;
    private int wrapperStart;
    private long firstOffset;
    private long lastOffset;
    private long maxTimestampMs;

    /** @param out what is written to */
    LegacyWriter(byte magic, BatchBytes out) {
        this.magic = magic;
        this.out = out;
    }

    /** Begins a wrapper, whose records follow; {@link #endWrapper} ends it. */
    void beginWrapper(CompressionCodec newCodec, TimestampType type) {
        codec = newCodec;
        wrapperType = type;
        wrapperStart = out.sizeBytes();
        firstOffset = -1;
        maxTimestampMs = RecordBatch.NO_TIMESTAMP;
        int header = valueField();
        out.room(header + Integer.BYTES).position(wrapperStart + header + Integer.BYTES);
        try {
            deflated = CompressionStreams.deflate(codec, out, CompressionCodec.DEFAULT_LEVEL, magic);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /**
     * Writes a record.
     *
     * @param timestampMs its timestamp; not kept with magic 0
     * @param type who set that
     * @param key its key, or null; neither this nor the value is moved
     * @param value its value, or null
     */
    void record(long offset, long timestampMs, TimestampType type, ByteBuffer key, ByteBuffer value) {
        if (deflated == null) {
            put(out, offset, timestampMs, type, key, value);
            return;
        }
        if (firstOffset < 0) {
            firstOffset = offset;
        }
        lastOffset = offset;
        maxTimestampMs = Math.max(maxTimestampMs, timestampMs);
        inner.clear();
        put(inner, magic == LegacyMessage.MAGIC_0 ? offset : offset - firstOffset, timestampMs, type, key, value);
        try {
            deflated.write(inner.written().array(), 0, inner.sizeBytes());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void put(
            BatchBytes into, long offset, long timestampMs, TimestampType type, ByteBuffer key, ByteBuffer value) {
        int start = into.sizeBytes();
        long sizeBytes = (long) LegacyMessage.smallestSize(magic) + size(key) + size(value);
        ByteBuffer message = into.room(Math.toIntExact(sizeBytes));
        putHeader(message, offset, (int) sizeBytes, attributes(CompressionCodec.NONE, type), timestampMs);
        putField(message, key);
        putField(message, value);
        seal(message, start, (int) sizeBytes);
    }

    /** Ends the wrapper: with the offset of its last record, and the largest timestamp in it. Without records there is none. */
    void endWrapper() {
        OutputStream ending = deflated;
        deflated = null;
        try {
            ending.close();
        } catch (IOException e) {
            throw failed(e);
        }
        if (firstOffset < 0) {
            out.cutTo(wrapperStart);
            return;
        }
        int end = out.sizeBytes();
        int sizeBytes = end - wrapperStart;
        ByteBuffer wrapper = out.room(0);
        wrapper.position(wrapperStart);
        putHeader(wrapper, lastOffset, sizeBytes, attributes(codec, wrapperType), maxTimestampMs);
        wrapper.putInt(LegacyMessage.NULL_SIZE).putInt(sizeBytes - valueField() - Integer.BYTES);
        wrapper.position(end);
        seal(wrapper, wrapperStart, sizeBytes);
    }

    /** {@return how far from a wrapper's begin the size of its value stands: it has no key} */
    private int valueField() {
        return LegacyMessage.keyField(0, magic) + Integer.BYTES;
    }

    private byte attributes(CompressionCodec of, TimestampType type) {
        boolean leaders = magic == LegacyMessage.MAGIC_1 && type == TimestampType.LOG_APPEND_TIME;
        return (byte) (of.id() | (leaders ? LegacyMessage.LOG_APPEND_TIME_FLAG : 0));
    }

    private void putHeader(ByteBuffer message, long offset, int sizeBytes, byte attributes, long timestampMs) {
        message.putLong(offset)
                .putInt(sizeBytes - RecordBatch.LOG_OVERHEAD)
                .putInt(0)
                .put(magic)
                .put(attributes);
        if (magic == LegacyMessage.MAGIC_1) {
            message.putLong(timestampMs);
        }
    }

    private static void seal(ByteBuffer message, int start, int sizeBytes) {
        CRC32 crc = new CRC32();
        crc.update(message.array(), start + LegacyMessage.MAGIC, sizeBytes - LegacyMessage.MAGIC);
        message.putInt(start + LegacyMessage.CRC, (int) crc.getValue());
    }

    static int size(ByteBuffer field) {
        return field == null ? 0 : field.remaining();
    }

    private static void putField(ByteBuffer message, ByteBuffer field) {
        if (field == null) {
            message.putInt(LegacyMessage.NULL_SIZE);
        } else {
            message.putInt(field.remaining()).put(field.duplicate());
        }
    }

    private static UncheckedIOException failed(IOException e) {
        return new UncheckedIOException("Compression into memory failed", e);
    }

    /** Gives up a wrapper that was not ended: nothing of it is left. */
    @Override
    public void close() {
        if (deflated != null) {
            try {
                deflated.close();
            } catch (IOException e) {
                throw failed(e);
            } finally {
                deflated = null;
                out.cutTo(wrapperStart);
            }
        }
    }
}
