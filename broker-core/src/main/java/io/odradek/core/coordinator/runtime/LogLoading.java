package io.odradek.core.coordinator.runtime;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.protocol.record.RecordRules;
import io.odradek.protocol.record.legacy.LegacyMessage;
import io.odradek.protocol.record.legacy.StoredRecords;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the batches of a coordinator's log to a fresh state: records, and the ends of transactions.
 *
 * <p>What cannot be read (a batch whose checksum is wrong, a key of another version, a value that is no value) is passed
 * over with a warning, as Kafka passes over keys that it does not know: one bad record must not take all others away. The
 * first few are named, and all are counted.
 */
final class LogLoading {
    private static final Logger LOG = LoggerFactory.getLogger(LogLoading.class);
    private static final int NAMED_AT_MOST = 5;

    private final String name;
    private final ShardState state;
    private long passedOver;

    /** @param name the log's, for messages */
    LogLoading(String name, ShardState state) {
        this.name = name;
        this.state = state;
    }

    /** Applies one batch, or a message of an older format. {@return the offset after it} */
    long apply(ByteBuffer batch) {
        int start = batch.position();
        if (RecordBatch.magic(batch, start) != RecordBatch.MAGIC) {
            return applyOld(batch);
        }
        try {
            if (!RecordBatch.hasValidCrc(batch, start)) {
                throw new ApiException(ErrorCode.CORRUPT_MESSAGE, "the checksum of its batch is wrong");
            }
            if (RecordBatch.isControl(batch, start)) {
                applyMarkers(batch);
            } else {
                applyRecords(batch);
            }
        } catch (RuntimeException e) {
            passOver(RecordBatch.baseOffset(batch, start), e);
        }
        return RecordBatch.nextOffset(batch, start);
    }

    private long applyOld(ByteBuffer message) {
        long offset = LegacyMessage.offset(message, message.position());
        try {
            applyRecords(StoredRecords.toBatches(message, RecordRules.DEFAULTS.maxInflatedBytes(), 0));
        } catch (RuntimeException e) {
            passOver(offset, e);
        }
        return offset + 1;
    }

    private void applyMarkers(ByteBuffer batch) {
        int start = batch.position();
        try (RecordCursor cursor = new RecordCursor()) {
            cursor.open(batch, start, RecordRules.DEFAULTS.maxInflatedBytes());
            while (cursor.next()) {
                ControlRecord marker = ControlRecord.read(cursor);
                if (marker != null) {
                    state.endTransaction(
                            RecordBatch.producerId(batch, start),
                            RecordBatch.producerEpoch(batch, start),
                            marker.type() == ControlRecord.Type.COMMIT);
                }
            }
        }
    }

    private void applyRecords(ByteBuffer batch) {
        int start = batch.position();
        boolean transactional = RecordBatch.isTransactional(batch, start);
        long producerId = transactional ? RecordBatch.producerId(batch, start) : RecordBatch.NO_PRODUCER_ID;
        short epoch = transactional ? RecordBatch.producerEpoch(batch, start) : RecordBatch.NO_PRODUCER_EPOCH;
        try (RecordCursor cursor = new RecordCursor()) {
            cursor.open(batch, start, RecordRules.DEFAULTS.maxInflatedBytes());
            while (cursor.next()) {
                if (cursor.hasKey()) {
                    apply(cursor, new RecordPosition(cursor.offset(), producerId, epoch));
                }
            }
        }
    }

    private void apply(RecordCursor cursor, RecordPosition position) {
        try {
            state.replay(new CoordinatorRecord(cursor.key(), cursor.value()), position);
        } catch (RuntimeException e) {
            passOver(position.offset(), e);
        }
    }

    private void passOver(long offset, RuntimeException why) {
        passedOver++;
        if (passedOver <= NAMED_AT_MOST) {
            LOG.warn(
                    "{}: what stands at offset {} cannot be read and is passed over: {}", name, offset, why.toString());
        }
    }

    /** The log's end is reached. */
    void finish() {
        if (passedOver > NAMED_AT_MOST) {
            LOG.warn("{}: {} records or batches could not be read and were passed over", name, passedOver);
        }
    }
}
