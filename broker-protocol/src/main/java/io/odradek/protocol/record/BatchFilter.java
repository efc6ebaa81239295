package io.odradek.protocol.record;

import io.odradek.protocol.wire.Varints;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Makes a smaller batch of one that is cleaned: {@link #filter} walks it and holds the records that stay, {@link #rebuild}
 * makes a batch of them. Base offset, last offset, codec, timestamps, headers, producer and leader epoch are those of the
 * original, so that offsets and sequences keep their meaning. One filter serves any number of batches, one at a time; what
 * it made of one is gone with the next.
 */
public final class BatchFilter implements AutoCloseable {
    /** Says which records stay. */
    public interface Retention {
        /** {@return whether the record at which the cursor stands stays} */
        boolean keeps(RecordCursor record);
    }

    /** The horizon of a batch without tombstones and markers. */
    public static final long NO_DELETE_HORIZON = -1;

    private static final int MAX_KEPT_SCRATCH_BYTES = 1024 * 1024;

    private final int maxInflatedBytes;
    private final RecordCursor cursor = new RecordCursor();
    private BatchBytes records;
    private BatchBytes batch;
    private ByteBuffer source;
    private int position;
    private int keptCount;
    private boolean keptTombstone;
    private long keptMaxTimestampMs;
    private long timestampShiftMs;

    /** @param maxInflatedBytes what the records of a batch may inflate to */
    public BatchFilter(int maxInflatedBytes) {
        this.maxInflatedBytes = maxInflatedBytes;
    }

    /**
     * Walks a batch, which must stay unchanged until it has been rebuilt.
     *
     * @param at index of the batch in the buffer
     * @return how many records stay
     * @throws io.odradek.protocol.errors.ApiException INVALID_RECORD, MESSAGE_TOO_LARGE, UNSUPPORTED_COMPRESSION_TYPE
     */
    public int filter(ByteBuffer buffer, int at, Retention retention) {
        source = buffer;
        position = at;
        timestampShiftMs = 0;
        walk(retention);
        return keptCount;
    }

    private void walk(Retention retention) {
        records = emptied(records);
        keptCount = 0;
        keptTombstone = false;
        keptMaxTimestampMs = RecordBatch.NO_TIMESTAMP;
        cursor.open(source, position, maxInflatedBytes);
        while (cursor.next()) {
            if (retention.keeps(cursor)) {
                keep();
            }
        }
        cursor.close();
    }

    private void keep() {
        keptCount++;
        keptTombstone |= !cursor.hasValue();
        keptMaxTimestampMs = Math.max(keptMaxTimestampMs, cursor.timestampMs());
        int from = cursor.bodyPosition();
        int size = cursor.sizeBytes();
        if (timestampShiftMs == 0) {
            ByteBuffer out = records.room(size + Varints.sizeOfInt(size));
            Varints.writeInt(out, size);
            copy(out, from, size);
            return;
        }
        long delta = cursor.timestampDelta() + timestampShiftMs;
        int rest = from + size - cursor.afterTimestamp();
        int newSize = 1 + Varints.sizeOfLong(delta) + rest;
        ByteBuffer out = records.room(newSize + Varints.sizeOfInt(newSize));
        Varints.writeInt(out, newSize);
        out.put(cursor.buffer().get(from));
        Varints.writeLong(out, delta);
        copy(out, cursor.afterTimestamp(), rest);
    }

    private void copy(ByteBuffer out, int from, int count) {
        out.put(out.position(), cursor.buffer(), from, count);
        out.position(out.position() + count);
    }

    /** {@return whether a record that stays has no value} */
    public boolean keptTombstone() {
        return keptTombstone;
    }

    /**
     * Makes a batch of the records that stay, of which there is at least one.
     *
     * @param deleteHorizonMs the time after which the batch's tombstones and markers may go (KIP-534), which becomes the base
     *     timestamp; {@link #NO_DELETE_HORIZON} to leave base timestamp and flag as they are
     * @param retention the same as for {@link #filter}; asked again where the timestamps are to be written anew
     * @return the batch, between position 0 and limit; valid until the next one
     */
    public ByteBuffer rebuild(long deleteHorizonMs, Retention retention) {
        long baseTimestampMs = RecordBatch.baseTimestamp(source, position);
        int attributes = RecordBatch.attributes(source, position);
        if (deleteHorizonMs != NO_DELETE_HORIZON) {
            timestampShiftMs = baseTimestampMs - deleteHorizonMs;
            baseTimestampMs = deleteHorizonMs;
            attributes |= RecordBatch.DELETE_HORIZON_FLAG;
            if (timestampShiftMs != 0) {
                walk(retention);
            }
        }
        batch = emptied(batch);
        batch.room(RecordBatch.HEADER_SIZE).put(source.slice(position, RecordBatch.HEADER_SIZE));
        ByteBuffer kept = records.written();
        CompressionCodec codec = CompressionCodec.ofId(RecordBatch.codecId(source, position));
        if (codec == CompressionCodec.NONE) {
            batch.room(kept.limit()).put(kept);
        } else {
            compress(codec, kept);
        }
        ByteBuffer built = batch.written();
        built.putShort(RecordBatch.ATTRIBUTES, (short) attributes);
        built.putLong(RecordBatch.BASE_TIMESTAMP, baseTimestampMs);
        built.putLong(RecordBatch.MAX_TIMESTAMP, keptMaxTimestampMs);
        built.putInt(RecordBatch.RECORD_COUNT, keptCount);
        BatchBuilder.seal(built);
        return built;
    }

    private void compress(CompressionCodec codec, ByteBuffer kept) {
        try (OutputStream out = CompressionStreams.deflate(codec, batch, CompressionCodec.DEFAULT_LEVEL)) {
            out.write(kept.array(), 0, kept.limit());
        } catch (IOException e) {
            throw new UncheckedIOException("Compression into memory failed", e);
        }
    }

    /**
     * {@return the header alone of the batch that was filtered last, without records: its offsets and sequences stay known
     * though nothing else does; valid until the next one}
     */
    public ByteBuffer emptied() {
        batch = emptied(batch);
        batch.room(RecordBatch.HEADER_SIZE).put(source.slice(position, RecordBatch.HEADER_SIZE));
        ByteBuffer built = batch.written();
        int dropped = RecordBatch.CODEC_MASK | RecordBatch.DELETE_HORIZON_FLAG;
        built.putShort(RecordBatch.ATTRIBUTES, (short) (RecordBatch.attributes(source, position) & ~dropped));
        built.putLong(RecordBatch.BASE_TIMESTAMP, RecordBatch.NO_TIMESTAMP);
        built.putInt(RecordBatch.RECORD_COUNT, 0);
        BatchBuilder.seal(built);
        return built;
    }

    private BatchBytes emptied(BatchBytes used) {
        if (used == null || used.capacityBytes() > MAX_KEPT_SCRATCH_BYTES) {
            return new BatchBytes(Integer.MAX_VALUE - 8);
        }
        used.clear();
        return used;
    }

    /** Releases a decompressor that a failed walk left open. The filter can be used again. */
    @Override
    public void close() {
        cursor.close();
    }
}
