package io.odradek.protocol.record.legacy;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBytes;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.protocol.record.TimestampType;
import java.nio.ByteBuffer;

/**
 * Makes messages of magic 0 or 1, for readers who know no newer format, of what lies in a log: record batches of magic 2, and
 * with magic 0 messages of magic 1. Each record becomes a message with the same offset, key, value and, with magic 1,
 * timestamp; headers are dropped. A compressed batch becomes a wrapper with the same codec, its records all in it. Entries
 * that are old enough are copied as they are.
 *
 * <p>One converter serves any number of entries, which it writes one behind the other. Close it, so that (de)compressors are
 * released.
 */
public final class DownConversion implements AutoCloseable {
    private final byte magic;
    private final int maxInflatedBytes;
    private final BatchBytes out = new BatchBytes(Integer.MAX_VALUE - 8);
    private final LegacyWriter writer;
    private final RecordCursor records = new RecordCursor();
    private final LegacyCursor messages = new LegacyCursor();
    private int wrapperRecords = Integer.MAX_VALUE;
    private long recordCount;
    private long plainBytes;

    /**
     * @param magic the newest format that the reader knows, 0 or 1
     * @param maxInflatedBytes what the records of an entry may inflate to
     */
    public DownConversion(byte magic, int maxInflatedBytes) {
        this.magic = magic;
        this.maxInflatedBytes = maxInflatedBytes;
        this.writer = new LegacyWriter(magic, out);
    }

    /** Converts from now on no compressed record of a batch that is larger: it is MESSAGE_TOO_LARGE. {@return this} */
    public DownConversion holdAtMost(int recordBytes) {
        records.holdAtMost(recordBytes);
        return this;
    }

    /**
     * Adds the records of an entry from an offset on, those that are not compressed only until there are enough; of a
     * compressed one all, if any has such an offset.
     *
     * @param at index of the entry, which lies whole in the buffer, with a checksum that is right
     * @param enoughBytes after which no more records are added, in all that is written
     * @throws ApiException UNSUPPORTED_COMPRESSION_TYPE for zstd, INVALID_RECORD, MESSAGE_TOO_LARGE; nothing is added then
     */
    public void add(ByteBuffer buffer, int at, long fromOffset, int enoughBytes) {
        int before = out.sizeBytes();
        try {
            if (!LegacyMessage.isLegacy(buffer, at)) {
                addBatch(buffer, at, fromOffset, enoughBytes);
            } else if (LegacyMessage.magic(buffer, at) > magic) {
                addMessage(buffer, at, fromOffset);
            } else {
                int sizeBytes = LegacyMessage.sizeBytes(buffer, at);
                out.room(sizeBytes).put(buffer.slice(at, sizeBytes));
            }
        } catch (RuntimeException | Error e) {
            close();
            out.cutTo(before);
            throw e;
        }
    }

    /**
     * Adds a compressed batch anew, after it has been added as the first one, in the place of all that was written: as several
     * wrappers, of which the first one has no more than so many bytes, unless a record alone has. Does nothing with other entries.
     *
     * @param fromOffset earlier records are left out
     */
    public void addInPieces(ByteBuffer buffer, int at, long fromOffset, int maxBytes) {
        if (LegacyMessage.isLegacy(buffer, at) || !RecordBatch.isCompressed(buffer, at)) {
            return;
        }
        wrapperRecords = RecordBatch.recordCount(buffer, at);
        try {
            do {
                long pieces = 1 + firstBytes() / Math.max(1, maxBytes);
                wrapperRecords = (int) Math.max(1, Math.min(wrapperRecords / 2, wrapperRecords / pieces));
                out.clear();
                add(buffer, at, fromOffset, maxBytes);
            } while (wrapperRecords > 1 && firstBytes() > maxBytes);
        } finally {
            wrapperRecords = Integer.MAX_VALUE;
        }
    }

    private void addBatch(ByteBuffer buffer, int at, long fromOffset, int enoughBytes) {
        int before = out.sizeBytes();
        CompressionCodec codec = CompressionCodec.ofId(RecordBatch.codecId(buffer, at));
        if (codec == CompressionCodec.ZSTD) {
            throw new ApiException(
                    ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, "There is no zstd in messages of magic " + magic);
        }
        boolean wraps = codec != CompressionCodec.NONE;
        TimestampType type = RecordBatch.timestampType(buffer, at);
        if (wraps) {
            writer.beginWrapper(codec, type);
        }
        long lastOffset = -1;
        records.open(buffer, at, maxInflatedBytes);
        boolean whole = wraps && wrapperRecords == Integer.MAX_VALUE;
        int wrapped = 0;
        while ((whole || wrapped == 0 || out.sizeBytes() < enoughBytes) && records.next()) {
            lastOffset = records.offset();
            if (whole || lastOffset >= fromOffset) {
                if (wrapped++ == wrapperRecords) {
                    writer.endWrapper();
                    writer.beginWrapper(codec, type);
                    wrapped = 1;
                }
                if (records.isTooLarge()) {
                    throw new ApiException(
                            ErrorCode.MESSAGE_TOO_LARGE,
                            "A record of " + records.sizeBytes() + " bytes is too large to be converted");
                }
                writer.record(lastOffset, records.timestampMs(), type, records.key(), records.value());
                count(records.sizeBytes());
            }
        }
        records.close();
        if (wraps) {
            endWrapper(before, lastOffset, fromOffset);
        }
    }

    private void addMessage(ByteBuffer buffer, int at, long fromOffset) {
        int before = out.sizeBytes();
        boolean wraps = LegacyMessage.isCompressed(buffer, at);
        TimestampType type = LegacyMessage.timestampType(buffer, at);
        if (wraps) {
            writer.beginWrapper(CompressionCodec.ofId(LegacyMessage.codecId(buffer, at)), type);
        }
        long lastOffset = -1;
        messages.open(buffer, at, maxInflatedBytes);
        while (messages.next()) {
            lastOffset = messages.offset();
            if (wraps || lastOffset >= fromOffset) {
                ByteBuffer key = messages.key();
                ByteBuffer value = messages.value();
                writer.record(lastOffset, messages.timestampMs(), type, key, value);
                count(LegacyMessage.SMALLEST_SIZE + LegacyWriter.size(key) + LegacyWriter.size(value));
            }
        }
        messages.close();
        if (wraps) {
            endWrapper(before, lastOffset, fromOffset);
        }
    }

    private void count(int sizeBytes) {
        recordCount++;
        plainBytes += sizeBytes;
    }

    /** Readers would ask for the same again if there were nothing for them inside, as where the last records were cleaned away. */
    private void endWrapper(int before, long lastOffset, long fromOffset) {
        writer.endWrapper();
        if (lastOffset < fromOffset) {
            out.cutTo(before);
        }
    }

    /** {@return how many records have been converted, whether or not they were written in the end} */
    public long recordCount() {
        return recordCount;
    }

    /** {@return how much work that was: what those records have without compression, about} */
    public long plainBytes() {
        return plainBytes;
    }

    /** {@return the size of all that was written} */
    public int sizeBytes() {
        return out.sizeBytes();
    }

    /** {@return how many bytes the first messages have that end within so many, 0 if the first one alone is larger} */
    public int wholeWithin(int bytes) {
        ByteBuffer written = out.written();
        int end = 0;
        while (end < written.limit()) {
            int next = end + LegacyMessage.sizeBytes(written, end);
            if (next > bytes) {
                break;
            }
            end = next;
        }
        return end;
    }

    /** {@return the size of the first message; there is one} */
    public int firstBytes() {
        return LegacyMessage.sizeBytes(out.written(), 0);
    }

    /** {@return what was written, between position 0 and limit} */
    public ByteBuffer written() {
        return out.written();
    }

    /** Releases what a failed walk left open. */
    @Override
    public void close() {
        records.close();
        messages.close();
        writer.close();
    }
}
