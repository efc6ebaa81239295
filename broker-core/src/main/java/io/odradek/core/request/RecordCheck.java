package io.odradek.core.request;

import io.odradek.core.partition.Partition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.MessageSetValidator;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordRules;
import io.odradek.protocol.record.RecordValidator;
import io.odradek.protocol.record.ValidatedRecords;
import io.odradek.protocol.record.legacy.LegacyMessage;
import java.nio.ByteBuffer;

/**
 * The validation of one partition's records: on its owner's loop if it is little work, else in the background. How far a
 * batch inflates is known only while it does: the loop inflates up to its bound, and what goes beyond is begun anew
 * elsewhere.
 */
final class RecordCheck implements Runnable {
    private static final short FIRST_VERSION_WITH_BATCHES = 3;
    private static final short FIRST_VERSION_WITH_ZSTD = 7;

    /** Compressed records mostly inflate to a few times their size. */
    private static final int LIKELY_INFLATION = 4;

    /** To compress takes far longer than to inflate. */
    private static final int LIKELY_COMPRESSION = 64;

    private final ByteBuffer records;
    private final short version;
    private final RecordRules rules;
    private final long nowMs;
    private ValidatedRecords valid;
    private Throwable failure;

    /** @param version of the Produce request: before 3 the records are a message set */
    RecordCheck(ByteBuffer records, Partition partition, short version, long nowMs) {
        this.records = records;
        this.version = version;
        this.rules = converts(version) ? partition.messageSetRules() : partition.recordRules();
        this.nowMs = nowMs;
    }

    /**
     * {@return what is to be appended; null if it is too much work to find out here}
     *
     * @throws ApiException as {@link RecordValidator#validate}
     */
    static ValidatedRecords onLoop(ByteBuffer records, Partition partition, short version, long nowMs) {
        RecordRules bounded = partition.recordRulesOnLoop();
        int codec = codecId(records, version);
        if (codec == CompressionCodec.ZSTD.id()
                && version >= FIRST_VERSION_WITH_BATCHES
                && version < FIRST_VERSION_WITH_ZSTD) {
            // A client that speaks only older versions may not know zstd when it fetches (KIP-110).
            throw new ApiException(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, "Produce before version 7 takes no zstd");
        }
        if (records.remaining() > bytesOnLoop(bounded, codec)) {
            return null;
        }
        try {
            return validate(records, version, bounded, nowMs);
        } catch (ApiException e) {
            boolean onlyHere = e.error() == ErrorCode.MESSAGE_TOO_LARGE && codec != CompressionCodec.NONE.id();
            if (onlyHere && bounded.maxInflatedBytes() < partition.recordRules().maxInflatedBytes()) {
                return null;
            }
            throw e;
        }
    }

    /** {@return whether what a version of Produce brings is a message set} */
    static boolean converts(short version) {
        return version < FIRST_VERSION_WITH_BATCHES;
    }

    private static ValidatedRecords validate(ByteBuffer records, short version, RecordRules rules, long nowMs) {
        return converts(version)
                ? MessageSetValidator.validate(records, rules, nowMs)
                : RecordValidator.validate(records, rules, nowMs);
    }

    private static int codecId(ByteBuffer records, short version) {
        int at = records.position();
        if (converts(version)
                && records.remaining() >= LegacyMessage.SMALLEST_SIZE
                && LegacyMessage.isLegacy(records, at)) {
            return LegacyMessage.codecId(records, at);
        }
        return records.remaining() < RecordBatch.HEADER_SIZE
                ? CompressionCodec.NONE.id()
                : RecordBatch.codecId(records, at);
    }

    private static int bytesOnLoop(RecordRules bounded, int codec) {
        RecordRules.Target target = bounded.target();
        if (target != null && target.codec().id() != codec) {
            return bounded.maxInflatedBytes() / LIKELY_COMPRESSION;
        }
        return codec == CompressionCodec.NONE.id()
                ? bounded.maxInflatedBytes()
                : bounded.maxInflatedBytes() / LIKELY_INFLATION;
    }

    /** Validates, in the background. */
    @Override
    public void run() {
        try {
            valid = validate(records, version, rules, nowMs);
        } catch (Throwable e) {
            failure = e;
        }
    }

    /** {@return what is to be appended, once it has run} */
    ValidatedRecords result() throws Throwable {
        if (failure != null) {
            throw failure;
        }
        return valid;
    }
}
