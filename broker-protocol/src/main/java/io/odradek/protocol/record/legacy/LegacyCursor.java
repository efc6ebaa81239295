package io.odradek.protocol.record.legacy;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.CompressionStreams;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordBytes;
import io.odradek.protocol.record.TimestampType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Walks the records of one {@link LegacyMessage}: of a plain one itself, of a wrapper those inside, which are held one at a
 * time. One cursor serves any number of messages, one at a time. Close it, so that a decompressor is released.
 *
 * <p>What does not add up is an {@link ApiException} INVALID_RECORD that names the record, as is zstd, which is younger than
 * the format; a record inside with a wrong size or checksum is CORRUPT_MESSAGE, a wrapper that inflates beyond the bound
 * MESSAGE_TOO_LARGE, an unknown codec UNSUPPORTED_COMPRESSION_TYPE. The message's own checksum is the caller's to compare.
 */
public final class LegacyCursor implements AutoCloseable {
    private final RecordBytes bytes = new RecordBytes();
    private ByteBuffer source;
    private int outer;
    private int maxInflatedBytes;
    private boolean isWrapper;
    private long baseOffset;
    private int index;
    private boolean ended;
    private int at;

    /**
     * Starts before the first record of a message, which must lie whole in the buffer and stay unchanged during the walk.
     * The records of a wrapper of magic 1 are inflated once to find out where their offsets begin.
     *
     * @param position index of the message in the buffer
     * @param maxBytes what the records of a wrapper may inflate to
     * @return this
     */
    public LegacyCursor open(ByteBuffer buffer, int position, int maxBytes) {
        close();
        source = buffer;
        outer = position;
        maxInflatedBytes = maxBytes;
        isWrapper = LegacyMessage.isCompressed(buffer, position);
        baseOffset = 0;
        if (isWrapper) {
            if (LegacyMessage.magic(buffer, position) == LegacyMessage.MAGIC_1) {
                baseOffset = findBaseOffset();
            }
            inflate();
        }
        index = -1;
        ended = false;
        return this;
    }

    /** Certain versions of librdkafka send wrappers of offset 0, of which nothing can be told. */
    private long findBaseOffset() {
        long wrapperOffset = LegacyMessage.offset(source, outer);
        if (wrapperOffset == 0) {
            return 0;
        }
        long lastOffset = 0;
        inflate();
        index = -1;
        while (nextInside()) {
            lastOffset = LegacyMessage.offset(bytes.buffer(), at);
        }
        if (wrapperOffset < lastOffset) {
            throw RecordBytes.invalid("A compressed message of offset " + wrapperOffset
                    + " cannot end with a record of relative offset " + lastOffset);
        }
        return wrapperOffset - lastOffset;
    }

    private void inflate() {
        CompressionCodec codec = CompressionCodec.ofId(LegacyMessage.codecId(source, outer));
        if (codec == CompressionCodec.ZSTD) {
            throw RecordBytes.invalid("There is no zstd in messages of magic " + LegacyMessage.magic(source, outer));
        }
        int sizeBytes = LegacyMessage.valueSize(source, outer);
        if (sizeBytes < 0) {
            throw RecordBytes.invalid("A compressed message has no value");
        }
        closeStream();
        try {
            InputStream inflated = CompressionStreams.inflate(
                    codec,
                    source,
                    LegacyMessage.valuePosition(source, outer),
                    sizeBytes,
                    maxInflatedBytes,
                    LegacyMessage.magic(source, outer));
            bytes.openInflated(inflated, maxInflatedBytes);
        } catch (IOException e) {
            throw RecordBytes.invalid("The compressed bytes of a message cannot be read: " + e.getMessage());
        }
    }

    /** Goes to the next record. {@return false after the last} */
    public boolean next() {
        if (ended) {
            return false;
        }
        if (isWrapper) {
            ended = !nextInside();
            return !ended;
        }
        ended = index == 0;
        index = 0;
        at = outer;
        return !ended;
    }

    /** What is cut at the end does not count, as with Kafka. */
    private boolean nextInside() {
        boolean found;
        try {
            found = readInside();
        } catch (ApiException e) {
            throw new ApiException(e.error(), "Record " + (index + 1) + " of a compressed message: " + e.getMessage());
        }
        if (!found && index < 0) {
            throw RecordBytes.invalid("A compressed message holds no records");
        }
        index += found ? 1 : 0;
        return found;
    }

    private boolean readInside() {
        if (!bytes.has(RecordBatch.LOG_OVERHEAD)) {
            return false;
        }
        int size = LegacyMessage.sizeBytes(bytes.buffer(), bytes.position());
        if (size < LegacyMessage.SMALLEST_SIZE) {
            throw new ApiException(ErrorCode.CORRUPT_MESSAGE, "it cannot have " + size + " bytes");
        }
        if (!bytes.has(size)) {
            return false;
        }
        at = bytes.position();
        if (!LegacyMessage.hasValidCrc(bytes.buffer(), at)) {
            throw new ApiException(ErrorCode.CORRUPT_MESSAGE, "its checksum is wrong");
        }
        if (!LegacyMessage.isWhole(bytes.buffer(), at, at + size)) {
            throw RecordBytes.invalid("it is no message whose fields are within its " + size + " bytes");
        }
        if (LegacyMessage.isCompressed(bytes.buffer(), at)) {
            throw RecordBytes.invalid("it is compressed once more");
        }
        bytes.position(at + size);
        return true;
    }

    /** {@return the record's place in the message, from 0} */
    public int index() {
        return index;
    }

    /** {@return the format of the record, which inside a wrapper may be another one} */
    public byte magic() {
        return LegacyMessage.magic(buffer(), at);
    }

    /** {@return the record's offset} */
    public long offset() {
        return baseOffset + LegacyMessage.offset(buffer(), at);
    }

    /** {@return the record's timestamp in ms: its own, or the wrapper's where the leader set it; -1 for none} */
    public long timestampMs() {
        if (magic() == LegacyMessage.MAGIC_0) {
            return RecordBatch.NO_TIMESTAMP;
        }
        return isWrapper && LegacyMessage.timestampType(source, outer) == TimestampType.LOG_APPEND_TIME
                ? LegacyMessage.timestampMs(source, outer)
                : LegacyMessage.timestampMs(buffer(), at);
    }

    /** {@return whether the record's own checksum is right; that of one inside a wrapper is} */
    public boolean hasValidCrc() {
        return LegacyMessage.hasValidCrc(buffer(), at);
    }

    /** {@return the record's own stored checksum, without sign} */
    public long crc() {
        return Integer.toUnsignedLong(LegacyMessage.crc(buffer(), at));
    }

    /** {@return the key's size in bytes, -1 for null} */
    public int keySize() {
        return LegacyMessage.keySize(buffer(), at);
    }

    /** {@return the value's size in bytes, -1 for null} */
    public int valueSize() {
        return LegacyMessage.valueSize(buffer(), at);
    }

    /** {@return whether there is a key, be it empty} */
    public boolean hasKey() {
        return LegacyMessage.keySize(buffer(), at) >= 0;
    }

    /** {@return a view of the key, or null; valid until the next call of {@link #next}} */
    public ByteBuffer key() {
        return view(LegacyMessage.keyPosition(buffer(), at), LegacyMessage.keySize(buffer(), at));
    }

    /** {@return a view of the value, or null; valid until the next call of {@link #next}} */
    public ByteBuffer value() {
        return view(LegacyMessage.valuePosition(buffer(), at), LegacyMessage.valueSize(buffer(), at));
    }

    /** {@return the buffer in which the record lies, as a message} */
    private ByteBuffer buffer() {
        return isWrapper ? bytes.buffer() : source;
    }

    private ByteBuffer view(int position, int size) {
        return size < 0 ? null : buffer().slice(position, size);
    }

    private void closeStream() {
        try {
            bytes.close();
        } catch (IOException e) {
            throw new UncheckedIOException("A decompressor could not be released", e);
        }
    }

    /** Releases the decompressor. The cursor can be opened again. */
    @Override
    public void close() {
        closeStream();
    }
}
