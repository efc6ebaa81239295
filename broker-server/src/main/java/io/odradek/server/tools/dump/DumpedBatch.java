package io.odradek.server.tools.dump;

import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.TimestampType;
import io.odradek.protocol.record.legacy.LegacyMessage;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * The header of a batch, or what {@code BatchScanner} shows in place of it of a message of magic 0 or 1.
 *
 * @param buffer holds it
 * @param at at this index
 * @param position where the batch begins in its file, in bytes
 * @param valid whether its checksum is right
 */
record DumpedBatch(ByteBuffer buffer, int at, long position, boolean valid) {
    private static final CompressionCodec[] CODECS = CompressionCodec.values();

    /** {@return whether it is a message of magic 0 or 1} */
    boolean isMessage() {
        return LegacyMessage.isLegacy(buffer, at);
    }

    long baseOffset() {
        return RecordBatch.baseOffset(buffer, at);
    }

    long lastOffset() {
        return RecordBatch.lastOffset(buffer, at);
    }

    int baseSequence() {
        return RecordBatch.baseSequence(buffer, at);
    }

    /** {@return the sequence of a record, -1 if the batch has none} */
    int sequence(int offsetDelta) {
        int first = baseSequence();
        return first < 0 ? RecordBatch.NO_SEQUENCE : (first + offsetDelta) & Integer.MAX_VALUE;
    }

    /** {@return {@code CreateTime}, {@code LogAppendTime} or {@code NoTimestampType}} */
    String timestampType() {
        if (RecordBatch.magic(buffer, at) == LegacyMessage.MAGIC_0) {
            return "NoTimestampType";
        }
        return RecordBatch.timestampType(buffer, at) == TimestampType.LOG_APPEND_TIME ? "LogAppendTime" : "CreateTime";
    }

    /** {@return the codec's name in small letters, its number if it is not known} */
    String codec() {
        int id = RecordBatch.codecId(buffer, at);
        return id < CODECS.length ? CODECS[id].name().toLowerCase(Locale.ROOT) : Integer.toString(id);
    }

    /** {@return the stored checksum, without sign} */
    long crc() {
        return Integer.toUnsignedLong(RecordBatch.crc(buffer, at));
    }

    boolean isControl() {
        return RecordBatch.isControl(buffer, at);
    }
}
