package io.odradek.storage.log;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.TimestampType;
import io.odradek.protocol.record.legacy.LegacyCursor;
import io.odradek.protocol.record.legacy.LegacyMessage;
import java.nio.ByteBuffer;

/**
 * What {@link BatchScanner} shows of a message of magic 0 or 1: the header that it would have as a batch, so that whoever goes by
 * headers need not know of older formats. Only the magic is the message's own.
 */
final class LegacyHeader {
    private static final int LOG_APPEND_TIME = 0x08;
    private static final short NO_PRODUCER_EPOCH = RecordBatch.NO_PRODUCER_EPOCH;

    private final ByteBuffer header = ByteBuffer.allocate(RecordBatch.HEADER_SIZE);

    /** {@return the buffer that has the header, from its beginning on} */
    ByteBuffer buffer() {
        return header;
    }

    /**
     * Takes the message at an index of a buffer, of which as many bytes are there as a batch's header has.
     *
     * @param baseOffset the first offset in it
     */
    void set(ByteBuffer buffer, int at, long baseOffset) {
        int offsetDelta = (int) (LegacyMessage.offset(buffer, at) - baseOffset);
        long timestampMs = LegacyMessage.timestampMs(buffer, at);
        boolean logAppendTime = LegacyMessage.timestampType(buffer, at) == TimestampType.LOG_APPEND_TIME;
        header.clear();
        header.putLong(baseOffset)
                .putInt(RecordBatch.length(buffer, at))
                .putInt(RecordBatch.NO_LEADER_EPOCH)
                .put(LegacyMessage.magic(buffer, at))
                .putInt(LegacyMessage.crc(buffer, at));
        header.putShort((short) (LegacyMessage.codecId(buffer, at) | (logAppendTime ? LOG_APPEND_TIME : 0)))
                .putInt(offsetDelta)
                .putLong(timestampMs)
                .putLong(timestampMs);
        header.putLong(RecordBatch.NO_PRODUCER_ID)
                .putShort(NO_PRODUCER_EPOCH)
                .putInt(RecordBatch.NO_SEQUENCE)
                .putInt(offsetDelta + 1);
    }

    /** {@return the offset of the first record in a compressed message that is whole in a buffer; another one if it cannot be opened} */
    static long firstOffset(ByteBuffer buffer, int at, long otherwise, int maxInflatedBytes) {
        try (LegacyCursor records = new LegacyCursor()) {
            records.open(buffer, at, maxInflatedBytes);
            return records.next() ? records.offset() : otherwise;
        } catch (ApiException e) {
            return otherwise;
        }
    }
}
