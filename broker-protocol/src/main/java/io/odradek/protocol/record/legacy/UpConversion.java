package io.odradek.protocol.record.legacy;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.TimestampType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes record batches of message sets that are stored, with the same offsets, timestamps, keys, values and codec. A wrapper
 * becomes one batch, plain messages that follow each other become one together. Batches among them stay as they are.
 */
public final class UpConversion {
    /** What a record takes in a batch beside key and value, at most: a varint for each of its fields. */
    private static final int RECORD_BYTES = 32;

    private final ByteBuffer entries;
    private final int maxInflatedBytes;
    private final int runBytes;
    private final List<ByteBuffer> batches = new ArrayList<>();
    private BatchBuilder run;
    private long runOffset;
    private long runAppendTimeMs;
    private TimestampType runType;

    private UpConversion(ByteBuffer entries, int maxInflatedBytes, int runBytes) {
        this.entries = entries;
        this.maxInflatedBytes = maxInflatedBytes;
        this.runBytes = runBytes;
    }

    /**
     * {@return batches in a buffer of their own, between position 0 and limit; the entries themselves if there is nothing to
     * convert}
     *
     * @param entries whole messages and batches between position and limit; not changed
     * @param maxInflatedBytes what a wrapper may inflate to
     * @param runBytes the size of batches to make of plain messages; a larger message has one for itself
     * @throws ApiException CORRUPT_MESSAGE if these are no whole messages and batches; as {@link LegacyCursor}
     */
    public static ByteBuffer toBatches(ByteBuffer entries, int maxInflatedBytes, int runBytes) {
        return anyLegacy(entries) ? new UpConversion(entries, maxInflatedBytes, runBytes).convert() : entries;
    }

    /** {@return whether there is a message among whole messages and batches} */
    private static boolean anyLegacy(ByteBuffer entries) {
        int at = entries.position();
        while (entries.limit() - at >= RecordBatch.PREFIX_SIZE) {
            if (LegacyMessage.isLegacy(entries, at)) {
                return true;
            }
            at += Math.max(RecordBatch.PREFIX_SIZE, RecordBatch.sizeBytes(entries, at));
        }
        return false;
    }

    private ByteBuffer convert() {
        int end = entries.limit();
        int size;
        for (int at = entries.position(); at < end; at += size) {
            if (LegacyMessage.isWhole(entries, at, end)) {
                size = LegacyMessage.sizeBytes(entries, at);
                if (LegacyMessage.isCompressed(entries, at)) {
                    endRun();
                    batches.add(ofWrapper(at));
                } else {
                    addToRun(at);
                }
            } else {
                size = sizeOfBatch(at, end);
                endRun();
                batches.add(entries.slice(at, size));
            }
        }
        endRun();
        return joined();
    }

    private int sizeOfBatch(int at, int end) {
        if (end - at >= RecordBatch.HEADER_SIZE && RecordBatch.magic(entries, at) == RecordBatch.MAGIC) {
            int length = RecordBatch.length(entries, at);
            if (length >= RecordBatch.HEADER_SIZE - RecordBatch.LOG_OVERHEAD
                    && length <= end - at - RecordBatch.LOG_OVERHEAD) {
                return length + RecordBatch.LOG_OVERHEAD;
            }
        }
        throw new ApiException(
                ErrorCode.CORRUPT_MESSAGE,
                "There is neither a whole message nor a whole batch at byte " + (at - entries.position()));
    }

    private void addToRun(int at) {
        long offset = LegacyMessage.offset(entries, at);
        long timestampMs = LegacyMessage.timestampMs(entries, at);
        int sizeBytes = LegacyMessage.sizeBytes(entries, at) + RECORD_BYTES;
        if (run != null && !fits(at, offset, timestampMs, sizeBytes)) {
            endRun();
        }
        if (run == null) {
            run = new BatchBuilder(Integer.MAX_VALUE);
            runOffset = offset;
            runType = LegacyMessage.timestampType(entries, at);
            runAppendTimeMs = timestampMs;
        }
        run.append(
                (int) (offset - runOffset),
                timestampMs,
                view(LegacyMessage.keyPosition(entries, at), LegacyMessage.keySize(entries, at)),
                view(LegacyMessage.valuePosition(entries, at), LegacyMessage.valueSize(entries, at)),
                List.of());
    }

    /** A batch of LogAppendTime has one timestamp for all of its records. */
    private boolean fits(int at, long offset, long timestampMs, int sizeBytes) {
        return offset - runOffset > run.lastOffsetDelta()
                && offset - runOffset <= Integer.MAX_VALUE
                && (long) run.sizeBytes() + sizeBytes <= runBytes
                && runType == LegacyMessage.timestampType(entries, at)
                && (runType == TimestampType.CREATE_TIME || timestampMs == runAppendTimeMs);
    }

    private void endRun() {
        if (run != null) {
            batches.add(finish(run, runOffset, runType, runAppendTimeMs));
            run = null;
        }
    }

    private ByteBuffer ofWrapper(int at) {
        BatchBuilder batch = new BatchBuilder(Integer.MAX_VALUE);
        long firstOffset = -1;
        try (LegacyCursor records = new LegacyCursor()) {
            records.open(entries, at, maxInflatedBytes);
            while (records.next()) {
                long offset = records.offset();
                if (batch.recordCount() == 0) {
                    firstOffset = offset;
                }
                long delta = offset - firstOffset;
                if (batch.recordCount() > 0 && (delta <= batch.lastOffsetDelta() || delta > Integer.MAX_VALUE)) {
                    throw new ApiException(
                            ErrorCode.INVALID_RECORD,
                            "Record " + records.index() + " of a compressed message has offset " + offset
                                    + ", the first one " + firstOffset);
                }
                batch.append((int) delta, records.timestampMs(), records.key(), records.value(), List.of());
            }
        }
        batch.codec(CompressionCodec.ofId(LegacyMessage.codecId(entries, at)));
        return finish(
                batch, firstOffset, LegacyMessage.timestampType(entries, at), LegacyMessage.timestampMs(entries, at));
    }

    private static ByteBuffer finish(BatchBuilder builder, long baseOffset, TimestampType type, long logAppendTimeMs) {
        if (type == TimestampType.LOG_APPEND_TIME) {
            builder.logAppendTime(logAppendTimeMs);
        }
        ByteBuffer batch = builder.build();
        RecordBatch.setBaseOffset(batch, 0, baseOffset);
        return batch;
    }

    private ByteBuffer joined() {
        if (batches.size() == 1) {
            return batches.get(0);
        }
        long sizeBytes = 0;
        for (ByteBuffer batch : batches) {
            sizeBytes += batch.remaining();
        }
        ByteBuffer joined = ByteBuffer.allocate(Math.toIntExact(sizeBytes));
        for (ByteBuffer batch : batches) {
            joined.put(batch.duplicate());
        }
        return joined.flip();
    }

    private ByteBuffer view(int position, int size) {
        return size < 0 ? null : entries.slice(position, size);
    }
}
