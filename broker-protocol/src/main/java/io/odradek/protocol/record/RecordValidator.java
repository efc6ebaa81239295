package io.odradek.protocol.record;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.nio.ByteBuffer;

/**
 * What a leader checks of the records that a Produce request brings for one partition: exactly one batch of magic 2, whole,
 * of a size that is allowed and with the right checksum; a header that a client may write; records that add up. The errors
 * are those of Kafka 3.9, save that an unknown codec and records that cannot be inflated, which it answers with
 * UNKNOWN_SERVER_ERROR, have a code of their own here.
 */
public final class RecordValidator {
    /** No format has a smaller batch; below it, the length field is garbage. */
    private static final int SMALLEST_LENGTH = 14;

    private RecordValidator() {}

    /**
     * Checks the records, and makes of them what is to be appended. May write into the buffer (timestamp type, max timestamp,
     * checksum). The buffer's position does not move. Bytes after the batch that are no whole batch are left out of the
     * result.
     *
     * @param records the bytes between position and limit: exactly one batch
     * @param rules what the partition asks
     * @param nowMs the wall clock
     * @throws ApiException CORRUPT_MESSAGE for sizes, magic or checksum that cannot be; INVALID_RECORD for no batch or a cut
     *     one, a second batch, an older magic, a header that no client may write, records that do not add up or lack a key;
     *     INVALID_TIMESTAMP; MESSAGE_TOO_LARGE for the batch, or for what it inflates to; UNSUPPORTED_COMPRESSION_TYPE. As
     *     {@link io.odradek.protocol.errors.InvalidRecordsException} where single records are refused.
     */
    public static ValidatedRecords validate(ByteBuffer records, RecordRules rules, long nowMs) {
        int position = records.position();
        requireOneBatch(records);
        requireSoundBytes(records, position, rules);
        CompressionCodec codec = CompressionCodec.ofId(RecordBatch.codecId(records, position));
        requireClientHeader(records, position);
        boolean changesCodec = rules.target() != null && rules.target().codec() != codec;
        if (codec != CompressionCodec.NONE && !changesCodec && !needsOpening(rules)) {
            return unopened(records, position, rules, nowMs);
        }
        return opened(records, position, changesCodec, rules, nowMs);
    }

    /** As {@link #validate}, for an uncompressed batch that has been made of sound messages, and is as large as they were. */
    static ValidatedRecords validateBuilt(ByteBuffer batch, RecordRules rules, long nowMs) {
        boolean compresses = rules.target().codec() != CompressionCodec.NONE;
        if (!compresses) {
            requireAllowedSize(batch.remaining(), rules);
        }
        return opened(batch, 0, compresses, rules, nowMs);
    }

    private static ValidatedRecords opened(
            ByteBuffer records, int position, boolean changesCodec, RecordRules rules, long nowMs) {
        RecordChecks checks = new RecordChecks(records, position, rules, nowMs);
        checks.run();
        ByteBuffer batch = changesCodec ? Recompression.rebuild(records, position, rules) : whole(records, position);
        return stamped(batch, rules, nowMs, checks.maxTimestampMs(), checks.maxTimestampIndex());
    }

    private static void requireOneBatch(ByteBuffer records) {
        int position = records.position();
        if (!isWholeBatch(records, position)) {
            throw invalid("There is no whole record batch");
        }
        byte magic = RecordBatch.magic(records, position);
        if (magic != RecordBatch.MAGIC) {
            throw invalid("Record batches of magic " + magic + " are not served; 2 is");
        }
        if (isWholeBatch(records, position + RecordBatch.sizeBytes(records, position))) {
            throw invalid("There is more than one record batch");
        }
    }

    private static boolean isWholeBatch(ByteBuffer records, int position) {
        int remaining = records.limit() - position;
        if (remaining < RecordBatch.PREFIX_SIZE) {
            return false;
        }
        int length = RecordBatch.length(records, position);
        byte magic = RecordBatch.magic(records, position);
        if (length < SMALLEST_LENGTH || magic < 0 || magic > RecordBatch.MAGIC) {
            throw corrupt("A record batch cannot have length " + length + " and magic " + magic);
        }
        return length <= remaining - RecordBatch.LOG_OVERHEAD;
    }

    private static void requireSoundBytes(ByteBuffer records, int position, RecordRules rules) {
        int sizeBytes = RecordBatch.sizeBytes(records, position);
        if (sizeBytes < RecordBatch.HEADER_SIZE) {
            throw corrupt("A record batch of " + sizeBytes + " bytes is smaller than its header");
        }
        if (RecordBatch.baseOffset(records, position) != 0) {
            throw invalid("A producer's record batch starts at offset 0, this one at "
                    + RecordBatch.baseOffset(records, position));
        }
        requireAllowedSize(sizeBytes, rules);
        if (!RecordBatch.hasValidCrc(records, position)) {
            throw corrupt("The checksum of the record batch is wrong");
        }
    }

    private static void requireAllowedSize(int sizeBytes, RecordRules rules) {
        if (sizeBytes > rules.maxBatchBytes()) {
            throw new ApiException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "The record batch has " + sizeBytes + " bytes, of which " + rules.maxBatchBytes() + " are allowed");
        }
    }

    private static void requireClientHeader(ByteBuffer records, int position) {
        int count = RecordBatch.recordCount(records, position);
        int lastOffsetDelta = RecordBatch.lastOffsetDelta(records, position);
        if (count <= 0 || lastOffsetDelta != count - 1) {
            throw invalid("A record batch of " + count + " records cannot end at offset delta " + lastOffsetDelta);
        }
        if (RecordBatch.isControl(records, position)) {
            throw invalid("Control records are the broker's to write");
        }
        if (RecordBatch.hasProducerId(records, position)) {
            if (RecordBatch.baseSequence(records, position) < 0 || RecordBatch.producerEpoch(records, position) < 0) {
                throw invalid("A record batch with a producer id needs an epoch and a sequence number");
            }
        } else if (RecordBatch.isTransactional(records, position)) {
            throw invalid("A transactional record batch needs a producer id");
        }
    }

    private static boolean needsOpening(RecordRules rules) {
        RecordRules.Timestamps timestamps = rules.timestamps();
        boolean boundsTimestamps = timestamps.type() == TimestampType.CREATE_TIME
                && (timestamps.beforeMaxMs() != Long.MAX_VALUE || timestamps.afterMaxMs() != Long.MAX_VALUE);
        return rules.openCompressed() || rules.keysRequired() || boundsTimestamps;
    }

    private static ValidatedRecords unopened(ByteBuffer records, int position, RecordRules rules, long nowMs) {
        if (RecordBatch.timestampType(records, position) == TimestampType.LOG_APPEND_TIME) {
            throw new ApiException(ErrorCode.INVALID_TIMESTAMP, RecordChecks.PRODUCER_SET_LOG_APPEND_TIME);
        }
        long maxTimestampMs = RecordBatch.maxTimestamp(records, position);
        int lastOffsetDelta = RecordBatch.lastOffsetDelta(records, position);
        return stamped(whole(records, position), rules, nowMs, maxTimestampMs, lastOffsetDelta);
    }

    private static ValidatedRecords stamped(
            ByteBuffer batch, RecordRules rules, long nowMs, long createTimeMs, int createTimeDelta) {
        int position = batch.position();
        boolean logAppendTime = rules.timestamps().type() == TimestampType.LOG_APPEND_TIME;
        long maxTimestampMs = logAppendTime ? nowMs : createTimeMs;
        // A producer that sets one, which Kafka stores, could have tombstones removed before anybody has seen them.
        RecordBatch.clearDeleteHorizon(batch, position);
        RecordBatch.setMaxTimestamp(batch, position, rules.timestamps().type(), maxTimestampMs);
        return new ValidatedRecords(
                batch,
                RecordBatch.recordCount(batch, position),
                maxTimestampMs,
                logAppendTime ? 0 : createTimeDelta,
                RecordBatch.lastOffsetDelta(batch, position));
    }

    private static ByteBuffer whole(ByteBuffer records, int position) {
        int end = position + RecordBatch.sizeBytes(records, position);
        return end == records.limit() ? records : records.duplicate().limit(end);
    }

    private static ApiException invalid(String message) {
        return new ApiException(ErrorCode.INVALID_RECORD, message);
    }

    private static ApiException corrupt(String message) {
        return new ApiException(ErrorCode.CORRUPT_MESSAGE, message);
    }
}
