package io.odradek.protocol.record;

import io.odradek.protocol.errors.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Walks the records of one batch: uncompressed ones where they lie, without copy; compressed ones through a window that
 * holds the current record. One cursor serves any number of batches, one at a time, and allocates nothing per record;
 * only {@link #key}, {@link #value} and the header accessors make views. Close it, so that a decompressor is released.
 *
 * <p>Each record is checked as it is reached: every length against the record's, the record's against the batch's. What
 * does not add up is an {@link ApiException} INVALID_RECORD that names the record; a batch that inflates beyond the bound is
 * MESSAGE_TOO_LARGE, an unknown codec UNSUPPORTED_COMPRESSION_TYPE.
 */
public final class RecordCursor implements AutoCloseable {
    private static final int NULL_SIZE = -1;
    /** Attributes, timestamp delta, offset delta, key size, value size, header count. */
    private static final int SMALLEST_RECORD_BYTES = 6;

    private final RecordBytes bytes = new RecordBytes();
    private boolean skipContent;
    private int maxHeldBytes = Integer.MAX_VALUE;
    private boolean tooLarge;

    private long baseOffset;
    private long baseTimestamp;
    private long logAppendTime;
    private boolean hasLogAppendTime;
    private int recordCount;

    private int index;
    private int sizeBytes;
    private int bodyPosition;
    private int afterTimestamp;
    private int offsetDelta;
    private long timestampDelta;
    private int keyPosition;
    private int keySize;
    private int valuePosition;
    private int valueSize;

    private int headerCount;
    private int headersPosition;
    private int headersRead;
    private int headerKeyPosition;
    private int headerKeySize;
    private int headerValuePosition;
    private int headerValueSize;

    /**
     * Starts before the first record of a batch, which must lie whole in the buffer and stay unchanged during the walk.
     *
     * @param position index of the batch in the buffer
     * @param maxInflatedBytes what the records may inflate to
     * @return this
     */
    public RecordCursor open(ByteBuffer buffer, int position, int maxInflatedBytes) {
        skipContent = false;
        return start(buffer, position, maxInflatedBytes);
    }

    /**
     * Holds from now on no compressed record that is larger: it is {@link #isTooLarge}, and neither its key nor its value nor
     * its headers can be asked for, but their sizes.
     *
     * @return this
     */
    public RecordCursor holdAtMost(int recordBytes) {
        maxHeldBytes = recordBytes;
        return this;
    }

    /** As {@link #open}, for a walk in which neither keys nor values nor headers are asked for: none are held. */
    RecordCursor openSkipping(ByteBuffer buffer, int position, int maxInflatedBytes) {
        skipContent = true;
        return start(buffer, position, maxInflatedBytes);
    }

    private RecordCursor start(ByteBuffer buffer, int position, int maxInflatedBytes) {
        close();
        baseOffset = RecordBatch.baseOffset(buffer, position);
        baseTimestamp = RecordBatch.baseTimestamp(buffer, position);
        logAppendTime = RecordBatch.maxTimestamp(buffer, position);
        hasLogAppendTime = RecordBatch.timestampType(buffer, position) == TimestampType.LOG_APPEND_TIME;
        recordCount = RecordBatch.recordCount(buffer, position);
        index = -1;
        int records = position + RecordBatch.HEADER_SIZE;
        int end = position + RecordBatch.sizeBytes(buffer, position);
        if (RecordBatch.isCompressed(buffer, position)) {
            CompressionCodec codec = CompressionCodec.ofId(RecordBatch.codecId(buffer, position));
            bytes.openInflated(inflate(codec, buffer, records, end - records, maxInflatedBytes), maxInflatedBytes);
        } else {
            bytes.openInPlace(buffer, records, end);
        }
        return this;
    }

    private static InputStream inflate(
            CompressionCodec codec, ByteBuffer buffer, int position, int sizeBytes, int maxInflatedBytes) {
        try {
            return CompressionStreams.inflate(codec, buffer, position, sizeBytes, maxInflatedBytes);
        } catch (IOException e) {
            throw RecordBytes.invalid("The batch's compressed bytes cannot be read: " + e.getMessage());
        }
    }

    /**
     * Goes to the next record.
     *
     * @return false after the last, once it is sure that no bytes are left over
     */
    public boolean next() {
        try {
            if (index + 1 >= recordCount) {
                requireEnd();
                return false;
            }
            index++;
            readRecord();
            return true;
        } catch (ApiException e) {
            throw new ApiException(e.error(), "Record " + index + " of the batch: " + e.getMessage());
        }
    }

    private void requireEnd() {
        if (!bytes.atEnd()) {
            throw RecordBytes.invalid("bytes follow it, though it is the last of " + recordCount);
        }
    }

    private void readRecord() {
        sizeBytes = bytes.readVarint();
        if (sizeBytes < SMALLEST_RECORD_BYTES) {
            throw RecordBytes.invalid("its length of " + sizeBytes + " bytes is too small for a record");
        }
        tooLarge = sizeBytes > maxHeldBytes && bytes.inflates();
        if (!skipContent && !tooLarge) {
            bytes.require(sizeBytes);
        }
        long end = bytes.distance() + sizeBytes;
        bodyPosition = bytes.position();
        bytes.readByte();
        timestampDelta = bytes.readVarlong();
        afterTimestamp = bytes.position();
        offsetDelta = bytes.readVarint();
        keySize = readSize(end);
        keyPosition = bytes.position();
        skip(keySize);
        valueSize = readSize(end);
        valuePosition = bytes.position();
        skip(valueSize);
        headerCount = bytes.readVarint();
        headersPosition = bytes.position();
        headersRead = 0;
        if (headerCount != 0) {
            skipHeaders(end);
        }
        if (bytes.distance() != end) {
            throw RecordBytes.invalid("its length of " + sizeBytes + " bytes is not what its fields take");
        }
    }

    private void skipHeaders(long end) {
        if (headerCount < 0 || headerCount > (end - bytes.distance()) / 2) {
            throw RecordBytes.invalid("it cannot have " + headerCount + " headers");
        }
        for (int i = 0; i < headerCount; i++) {
            int size = readSize(end);
            if (size == NULL_SIZE) {
                throw RecordBytes.invalid("header " + i + " has no key");
            }
            skip(size);
            skip(readSize(end));
        }
    }

    private int readSize(long end) {
        int size = bytes.readVarint();
        if (size < NULL_SIZE || size > end - bytes.distance()) {
            throw RecordBytes.invalid("a field of it has an impossible length of " + size + " bytes");
        }
        return size;
    }

    private void skip(int size) {
        if (size > 0) {
            bytes.skip(size);
        }
    }

    /** {@return whether the record is larger than what {@link #holdAtMost} allows} */
    public boolean isTooLarge() {
        return tooLarge;
    }

    /** {@return the record's place in the batch, from 0} */
    public int index() {
        return index;
    }

    /** {@return the bytes of the record after its length field} */
    public int sizeBytes() {
        return sizeBytes;
    }

    /** {@return where the record begins in {@link #buffer}, after its length field} */
    int bodyPosition() {
        return bodyPosition;
    }

    /** {@return where the record goes on in {@link #buffer} after its timestamp delta} */
    int afterTimestamp() {
        return afterTimestamp;
    }

    /** {@return the record's offset less the base offset} */
    public int offsetDelta() {
        return offsetDelta;
    }

    /** {@return the record's offset} */
    public long offset() {
        return baseOffset + offsetDelta;
    }

    /** {@return what the record says to add to the base timestamp, in ms} */
    public long timestampDelta() {
        return timestampDelta;
    }

    /** {@return the record's timestamp in ms: its own, or the batch's where the leader set it} */
    public long timestampMs() {
        return hasLogAppendTime ? logAppendTime : baseTimestamp + timestampDelta;
    }

    /** {@return whether there is a key, be it empty} */
    public boolean hasKey() {
        return keySize != NULL_SIZE;
    }

    /** {@return whether there is a value, be it empty; a record without is a tombstone} */
    public boolean hasValue() {
        return valueSize != NULL_SIZE;
    }

    /** {@return the key's size in bytes, -1 for null} */
    public int keySize() {
        return keySize;
    }

    /** {@return the value's size in bytes, -1 for null} */
    public int valueSize() {
        return valueSize;
    }

    /** {@return the buffer in which the current record lies; valid until the next call of {@link #next}} */
    public ByteBuffer buffer() {
        return bytes.buffer();
    }

    /** {@return the key's index in {@link #buffer}} */
    public int keyPosition() {
        return keyPosition;
    }

    /** {@return the value's index in {@link #buffer}} */
    public int valuePosition() {
        return valuePosition;
    }

    /** {@return a view of the key, or null; valid until the next call of {@link #next}} */
    public ByteBuffer key() {
        return view(keyPosition, keySize);
    }

    /** {@return a view of the value, or null; valid until the next call of {@link #next}} */
    public ByteBuffer value() {
        return view(valuePosition, valueSize);
    }

    /** {@return how many headers the record has} */
    public int headerCount() {
        return headerCount;
    }

    /** {@return whether there was one more header to go to} */
    public boolean nextHeader() {
        if (headersRead == headerCount) {
            return false;
        }
        int afterRecord = bytes.position();
        bytes.position(headersRead == 0 ? headersPosition : headerValuePosition + Math.max(headerValueSize, 0));
        headerKeySize = bytes.readVarint();
        headerKeyPosition = bytes.position();
        bytes.position(headerKeyPosition + headerKeySize);
        headerValueSize = bytes.readVarint();
        headerValuePosition = bytes.position();
        bytes.position(afterRecord);
        headersRead++;
        return true;
    }

    /** {@return a view of the current header's key, UTF-8; valid until the next call of {@link #next}} */
    public ByteBuffer headerKey() {
        return view(headerKeyPosition, headerKeySize);
    }

    /** {@return a view of the current header's value, or null; valid until the next call of {@link #next}} */
    public ByteBuffer headerValue() {
        return view(headerValuePosition, headerValueSize);
    }

    private ByteBuffer view(int position, int size) {
        return size == NULL_SIZE ? null : bytes.buffer().slice(position, size);
    }

    /** Releases the decompressor. The cursor can be opened again. */
    @Override
    public void close() {
        try {
            bytes.close();
        } catch (IOException e) {
            throw new UncheckedIOException("A decompressor could not be released", e);
        }
    }
}
