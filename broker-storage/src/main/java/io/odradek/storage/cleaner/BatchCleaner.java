package io.odradek.storage.cleaner;

import io.odradek.protocol.record.BatchFilter;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.storage.log.AbortedTransaction;
import io.odradek.storage.producer.LastBatch;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Decides what stays of a batch, as Kafka 3.9 does:
 *
 * <ul>
 *   <li>of each key the last record, as far as the offset map reaches; records without a key go;
 *   <li>a last record without value (a tombstone) until the delete horizon of its batch, which the first cleaning that meets
 *       it sets to {@code delete.retention.ms} from then (KIP-534);
 *   <li>nothing of an aborted transaction; a marker as long as batches of its transaction were there, and then until its
 *       delete horizon;
 *   <li>without records, the last batch of each producer that the log remembers, and the last batch of the part that was
 *       cleaned.
 * </ul>
 */
final class BatchCleaner implements AutoCloseable {
    private final CleaningJob job;
    private final OffsetMap map;
    private final TransactionMarks marks;
    private final Map<Long, LastBatch> lastBatches;
    private final BatchFilter filter;
    private final RecordCursor cursor = new RecordCursor();
    private final long deleteHorizonMs;
    private final BatchFilter.Retention byKey = this::isLastOfItsKey;
    private boolean tombstonesStay;
    private int keptRecords;
    private AbortedTransaction keptAborted;

    /** @param lastBatches what must stay so that producers are remembered */
    BatchCleaner(
            CleaningJob job,
            OffsetMap map,
            TransactionMarks marks,
            Map<Long, LastBatch> lastBatches,
            int maxInflatedBytes) {
        this.job = job;
        this.map = map;
        this.marks = marks;
        this.lastBatches = lastBatches;
        this.filter = new BatchFilter(maxInflatedBytes);
        long retentionMs = job.config().deleteRetentionMs();
        this.deleteHorizonMs = retentionMs > Long.MAX_VALUE - job.nowMs() ? Long.MAX_VALUE : job.nowMs() + retentionMs;
    }

    /**
     * Cleans a batch.
     *
     * @return what stays: the same buffer for all of it, another one that is valid until the next call, with the batch
     *     between position and limit, or null for nothing
     */
    ByteBuffer clean(ByteBuffer buffer, int at) {
        boolean control = RecordBatch.isControl(buffer, at);
        boolean hasHorizon = RecordBatch.hasDeleteHorizon(buffer, at);
        boolean expired = hasHorizon && RecordBatch.baseTimestamp(buffer, at) <= job.nowMs();
        boolean useless = isUseless(buffer, at, control);
        boolean discarded = useless && (!control || expired);
        boolean remembered = isLastOfItsProducer(buffer, at)
                || RecordBatch.nextOffset(buffer, at) == job.range().endOffset();
        tombstonesStay = !expired;
        keptRecords = 0;
        if (discarded && !remembered) {
            return null;
        }
        BatchFilter.Retention retention = discarded ? record -> false : control ? record -> true : byKey;
        keptRecords = filter.filter(buffer, at, retention);
        if (keptRecords == 0) {
            return remembered ? filter.emptied() : null;
        }
        boolean setsHorizon = !hasHorizon && (control ? useless : filter.keptTombstone());
        if (keptRecords == RecordBatch.recordCount(buffer, at) && !setsHorizon) {
            return buffer;
        }
        return filter.rebuild(setsHorizon ? deleteHorizonMs : BatchFilter.NO_DELETE_HORIZON, retention);
    }

    private boolean isUseless(ByteBuffer buffer, int at, boolean control) {
        keptAborted = null;
        if (!control) {
            return marks.isAborted(buffer, at);
        }
        TransactionMarks.Meaning meaning = marks.endedBy(buffer, at, cursor);
        keptAborted = meaning.aborted();
        return meaning.useless();
    }

    private boolean isLastOfItsProducer(ByteBuffer buffer, int at) {
        if (!RecordBatch.hasProducerId(buffer, at)) {
            return false;
        }
        LastBatch last = lastBatches.get(RecordBatch.producerId(buffer, at));
        if (last == null) {
            return false;
        }
        long lastOffset = RecordBatch.lastOffset(buffer, at);
        return last.lastOffset() >= 0
                ? lastOffset == last.lastOffset() || lastOffset == last.durableLastOffset()
                : RecordBatch.isControl(buffer, at) && RecordBatch.producerEpoch(buffer, at) == last.epoch();
    }

    private boolean isLastOfItsKey(RecordCursor record) {
        if (record.offset() > map.latestOffset()) {
            return true;
        }
        return record.hasKey()
                && (record.hasValue() || tombstonesStay)
                && record.offset() >= map.get(record.buffer(), record.keyPosition(), record.keySize());
    }

    /** {@return how many records stayed of the last batch} */
    int keptRecords() {
        return keptRecords;
    }

    /** {@return the aborted transaction that the last batch ends and whose batches were there, null if there is none} */
    AbortedTransaction keptAborted() {
        return keptAborted;
    }

    @Override
    public void close() {
        filter.close();
        cursor.close();
    }
}
