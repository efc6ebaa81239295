package io.odradek.protocol.record;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.legacy.LegacyCursor;
import io.odradek.protocol.record.legacy.LegacyMessage;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a leader makes of the records that a Produce request before version 3 brings for one partition: of a set of plain
 * messages, or of one wrapper, one batch, compressed as the set was or as the topic asks. A batch is taken too, as Kafka does. The
 * errors are those of Kafka 3.9 with the differences that {@link RecordValidator} names.
 */
public final class MessageSetValidator {
    private final ByteBuffer set;
    private final RecordRules rules;
    private BatchBuilder batch;
    private boolean refusesTimestamps;

    private MessageSetValidator(ByteBuffer set, RecordRules rules) {
        this.set = set;
        this.rules = rules;
    }

    /**
     * Checks the records, and makes of them what is to be appended, which is nothing where there is no whole message, as with
     * Kafka. The set is not changed; bytes after its last whole message are left out.
     *
     * @param set the bytes between position and limit
     * @param rules what the partition asks
     * @param nowMs the wall clock
     * @throws ApiException CORRUPT_MESSAGE for sizes, magic or a checksum that cannot be; INVALID_RECORD for a wrapper
     *     that is not alone or holds another one, two magics in one set, records that do not add up or lack a key; INVALID_TIMESTAMP;
     *     MESSAGE_TOO_LARGE for a message, for the batch that they make together, or for what a wrapper inflates to;
     *     UNSUPPORTED_COMPRESSION_TYPE. As {@link io.odradek.protocol.errors.InvalidRecordsException} where single records are
     *     refused.
     */
    public static ValidatedRecords validate(ByteBuffer set, RecordRules rules, long nowMs) {
        int at = set.position();
        boolean isBatch = set.remaining() >= RecordBatch.PREFIX_SIZE && RecordBatch.magic(set, at) == RecordBatch.MAGIC;
        return isBatch
                ? RecordValidator.validate(set, rules, nowMs)
                : new MessageSetValidator(set, rules).validate(nowMs);
    }

    private ValidatedRecords validate(long nowMs) {
        int wrapper = requireSound();
        CompressionCodec codec =
                wrapper < 0 ? CompressionCodec.NONE : CompressionCodec.ofId(LegacyMessage.codecId(set, wrapper));
        CompressionCodec target =
                rules.target() == null ? codec : rules.target().codec();
        batch = new BatchBuilder(mostBytes(target));
        if (wrapper < 0) {
            addAll();
        } else {
            addFrom(wrapper);
        }
        if (batch.recordCount() == 0) {
            return ValidatedRecords.NONE;
        }
        if (refusesTimestamps) {
            throw new ApiException(ErrorCode.INVALID_TIMESTAMP, RecordChecks.PRODUCER_SET_LOG_APPEND_TIME);
        }
        return RecordValidator.validateBuilt(batch.build(), with(target), nowMs);
    }

    /** {@return after how much it is certain that the batch is refused, so that the rest of it is not made} */
    private int mostBytes(CompressionCodec target) {
        int records = Math.min(rules.maxInflatedBytes(), Integer.MAX_VALUE - RecordBatch.HEADER_SIZE);
        return target == CompressionCodec.NONE ? rules.maxBatchBytes() : records + RecordBatch.HEADER_SIZE;
    }

    private RecordRules with(CompressionCodec codec) {
        RecordRules.Target target =
                rules.target() == null ? new RecordRules.Target(codec, CompressionCodec.DEFAULT_LEVEL) : rules.target();
        return new RecordRules(
                rules.maxBatchBytes(),
                rules.timestamps(),
                rules.keysRequired(),
                target,
                rules.openCompressed(),
                rules.maxInflatedBytes());
    }

    /** {@return the index of the wrapper that the set is, -1 if its messages are plain} */
    private int requireSound() {
        int count = 0;
        int wrapper = -1;
        int first = set.position();
        for (int at = set.position(); isWhole(at); at += LegacyMessage.sizeBytes(set, at)) {
            int sizeBytes = LegacyMessage.sizeBytes(set, at);
            if (sizeBytes > rules.maxBatchBytes()) {
                throw new ApiException(
                        ErrorCode.MESSAGE_TOO_LARGE,
                        "A message has " + sizeBytes + " bytes, of which " + rules.maxBatchBytes() + " are allowed");
            }
            if (!LegacyMessage.hasValidCrc(set, at)) {
                throw corrupt("The checksum of message " + count + " is wrong");
            }
            if (!LegacyMessage.isWhole(set, at, at + sizeBytes)) {
                throw corrupt("The fields of message " + count + " are not within its " + sizeBytes + " bytes");
            }
            if (LegacyMessage.magic(set, at) != LegacyMessage.magic(set, first)) {
                throw RecordBytes.invalid("There are messages of more than one magic");
            }
            wrapper = LegacyMessage.isCompressed(set, at) ? at : wrapper;
            count++;
        }
        if (wrapper >= 0 && count > 1) {
            throw RecordBytes.invalid("A compressed message is not alone in its set");
        }
        return wrapper;
    }

    /** {@return whether all the bytes of a message are there} */
    private boolean isWhole(int at) {
        int remaining = set.limit() - at;
        if (remaining < RecordBatch.LOG_OVERHEAD) {
            return false;
        }
        int sizeBytes = LegacyMessage.sizeBytes(set, at);
        boolean isBatch = remaining >= RecordBatch.PREFIX_SIZE && LegacyMessage.magic(set, at) == RecordBatch.MAGIC;
        if (isBatch) {
            throw RecordBytes.invalid("A record batch follows messages");
        }
        if (sizeBytes < LegacyMessage.SMALLEST_SIZE) {
            throw corrupt("A message cannot have " + sizeBytes + " bytes");
        }
        if (remaining < RecordBatch.PREFIX_SIZE) {
            return false;
        }
        if (!LegacyMessage.isLegacy(set, at)) {
            throw corrupt("A message cannot have magic " + LegacyMessage.magic(set, at));
        }
        return sizeBytes <= remaining;
    }

    private void addAll() {
        try (LegacyCursor message = new LegacyCursor()) {
            for (int at = set.position(); isWhole(at); at += LegacyMessage.sizeBytes(set, at)) {
                message.open(set, at, rules.maxInflatedBytes());
                message.next();
                add(message, at);
            }
        }
    }

    private void addFrom(int wrapper) {
        byte magic = LegacyMessage.magic(set, wrapper);
        try (LegacyCursor records = new LegacyCursor()) {
            records.open(set, wrapper, rules.maxInflatedBytes());
            while (records.next()) {
                if (records.magic() != magic) {
                    throw RecordBytes.invalid("Record " + records.index() + " has magic " + records.magic()
                            + " in a compressed message of magic " + magic);
                }
                add(records, wrapper);
            }
        }
    }

    /** Kafka minds a producer that claims to be a leader only where that is of consequence. */
    private void add(LegacyCursor record, int message) {
        long timestampMs = record.timestampMs();
        if (timestampMs < RecordBatch.NO_TIMESTAMP) {
            throw new ApiException(ErrorCode.INVALID_TIMESTAMP, "A record cannot have the timestamp " + timestampMs);
        }
        refusesTimestamps |= LegacyMessage.timestampType(set, message) == TimestampType.LOG_APPEND_TIME
                && (rules.timestamps().type() == TimestampType.LOG_APPEND_TIME
                        || timestampMs == RecordBatch.NO_TIMESTAMP);
        batch.append(timestampMs, record.key(), record.value(), List.of());
    }

    private static ApiException corrupt(String message) {
        return new ApiException(ErrorCode.CORRUPT_MESSAGE, message);
    }
}
