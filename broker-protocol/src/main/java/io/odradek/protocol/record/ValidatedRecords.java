package io.odradek.protocol.record;

import java.nio.ByteBuffer;

/**
 * One batch that a leader may append.
 *
 * @param records the batch between position and limit: the producer's own bytes, or a batch rebuilt with another codec
 * @param recordCount how many records it holds; 0 if there is no batch
 * @param maxTimestampMs the largest timestamp, {@link RecordBatch#NO_TIMESTAMP} for none
 * @param maxTimestampOffsetDelta the offset delta of the first record with that timestamp; of the last record if the batch
 *     was not opened
 * @param lastOffsetDelta the offset delta of the last record
 */
public record ValidatedRecords(
        ByteBuffer records, int recordCount, long maxTimestampMs, int maxTimestampOffsetDelta, int lastOffsetDelta) {
    /** Nothing to append, which a message set may be. */
    static final ValidatedRecords NONE =
            new ValidatedRecords(ByteBuffer.allocate(0), 0, RecordBatch.NO_TIMESTAMP, -1, -1);
}
