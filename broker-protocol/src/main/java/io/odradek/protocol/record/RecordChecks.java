package io.odradek.protocol.record;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.InvalidRecordsException;
import io.odradek.protocol.errors.InvalidRecordsException.RecordError;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The walk over one batch's records: their structure, offset deltas, keys and timestamps. */
final class RecordChecks {
    static final String PRODUCER_SET_LOG_APPEND_TIME = "The timestamp type LogAppendTime is not the producer's to set";

    /** Records at fault that are named; the client only learns of the rest that their batch was refused. */
    private static final int MAX_RECORD_ERRORS = 100;

    private final ByteBuffer records;
    private final int position;
    private final RecordRules rules;
    private final long nowMs;
    private final boolean boundsTimestamps;
    private final boolean refusesTimestampType;

    private long maxTimestampMs = RecordBatch.NO_TIMESTAMP;
    private int maxTimestampIndex;
    private boolean hasInvalidTimestamp;
    private List<RecordError> errors = List.of();

    RecordChecks(ByteBuffer records, int position, RecordRules rules, long nowMs) {
        this.records = records;
        this.position = position;
        this.rules = rules;
        this.nowMs = nowMs;
        RecordRules.Timestamps timestamps = rules.timestamps();
        boolean createTime = timestamps.type() == TimestampType.CREATE_TIME;
        refusesTimestampType = RecordBatch.timestampType(records, position) == TimestampType.LOG_APPEND_TIME;
        boundsTimestamps =
                createTime && (timestamps.beforeMaxMs() != Long.MAX_VALUE || timestamps.afterMaxMs() != Long.MAX_VALUE);
    }

    void run() {
        boolean keysRequired = rules.keysRequired();
        long largestMs = RecordBatch.NO_TIMESTAMP;
        int largestIndex = 0;
        try (RecordCursor cursor = new RecordCursor()) {
            cursor.openSkipping(records, position, rules.maxInflatedBytes());
            while (cursor.next()) {
                int index = cursor.index();
                long timestampMs = cursor.timestampMs();
                if (cursor.offsetDelta() != index) {
                    refuse(index, "The offset delta is " + cursor.offsetDelta() + " and should be " + index);
                } else if (keysRequired && !cursor.hasKey()) {
                    refuse(index, "A compacted topic takes no record without key");
                } else if (boundsTimestamps || refusesTimestampType) {
                    checkTimestamp(index, timestampMs);
                }
                if (timestampMs > largestMs) {
                    largestMs = timestampMs;
                    largestIndex = index;
                }
            }
        }
        maxTimestampMs = largestMs;
        maxTimestampIndex = largestIndex;
        if (!errors.isEmpty()) {
            throw new InvalidRecordsException(
                    hasInvalidTimestamp ? ErrorCode.INVALID_TIMESTAMP : ErrorCode.INVALID_RECORD,
                    "Records of the batch are refused, the first at index "
                            + errors.get(0).batchIndex() + ": " + errors.get(0).message(),
                    errors);
        }
    }

    /** {@return the largest timestamp of the records, {@link RecordBatch#NO_TIMESTAMP} for none} */
    long maxTimestampMs() {
        return maxTimestampMs;
    }

    /** {@return the place, which is the offset delta, of the first record with the largest timestamp} */
    int maxTimestampIndex() {
        return maxTimestampIndex;
    }

    private void checkTimestamp(int index, long timestampMs) {
        RecordRules.Timestamps timestamps = rules.timestamps();
        boolean bounded = boundsTimestamps && timestampMs != RecordBatch.NO_TIMESTAMP;
        if (bounded
                && (isFurtherThan(timestamps.beforeMaxMs(), timestampMs, nowMs)
                        || isFurtherThan(timestamps.afterMaxMs(), nowMs, timestampMs))) {
            hasInvalidTimestamp = true;
            refuse(
                    index,
                    "The timestamp " + timestampMs + " is not within " + timestamps.beforeMaxMs() + " ms before and "
                            + timestamps.afterMaxMs() + " ms after the broker's " + nowMs);
        } else if (refusesTimestampType) {
            hasInvalidTimestamp = true;
            refuse(index, PRODUCER_SET_LOG_APPEND_TIME);
        }
    }

    /** {@return whether a time lies more than so many ms after an earlier one; a difference beyond a long is more} */
    private static boolean isFurtherThan(long maxMs, long earlierMs, long laterMs) {
        if (laterMs <= earlierMs || maxMs == Long.MAX_VALUE) {
            return false;
        }
        long differenceMs = laterMs - earlierMs;
        return differenceMs < 0 || differenceMs > maxMs;
    }

    private void refuse(int index, String message) {
        if (errors.isEmpty()) {
            errors = new ArrayList<>();
        }
        if (errors.size() < MAX_RECORD_ERRORS) {
            errors.add(new RecordError(index, message));
        }
    }
}
