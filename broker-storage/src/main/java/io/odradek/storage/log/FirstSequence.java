package io.odradek.storage.log;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Whether a producer of which a log knows no batch may begin in the middle of its sequences. Only where the log may have known
 * one: else the batches before have not come yet, as when the first of several requests in flight was refused, and would
 * be refused for good once a later one were taken (KAFKA-14312, KAFKA-15591).
 */
final class FirstSequence {
    private final LogState log;

    FirstSequence(LogState log) {
        this.log = log;
    }

    /**
     * What a log can tell of what it has lost.
     *
     * @param startOffset where it begins
     * @param compacted whether cleaning may have taken batches out of it
     * @param forgotten whether the producer may be one of those that it has forgotten since it was opened
     * @param oldestMs the timestamp of its first batch, -1 if there is none, or if it has none
     * @param empty whether it has no batches
     * @param again whether the partition had another log before
     */
    record Past(long startOffset, boolean compacted, boolean forgotten, long oldestMs, boolean empty, boolean again) {
        /**
         * {@return whether the producer may have been here}
         *
         * @param expiredMs producers that have not written since are forgotten
         */
        boolean mayHaveKnown(long expiredMs) {
            return startOffset > 0 || compacted || forgotten || again || !empty && oldestMs < expiredMs;
        }
    }

    /**
     * Lets the first batch of a producer pass.
     *
     * @param nowMs the wall clock
     * @throws ApiException OUT_OF_ORDER_SEQUENCE_NUMBER
     */
    void require(ByteBuffer batches, int at, long nowMs) throws IOException {
        int sequence = RecordBatch.baseSequence(batches, at);
        if (sequence == 0) {
            return;
        }
        long producerId = RecordBatch.producerId(batches, at);
        if (!past(producerId).mayHaveKnown(nowMs - log.context.producers().expirationMs())) {
            throw outOfOrder(producerId, sequence);
        }
    }

    /**
     * Lets the first batch behind a marker pass. A marker is kept as long as what came before it, so that only the log before
     * this one can have known more; and where it has begun a new epoch, as all do of transactions v2, sequences begin anew.
     *
     * @throws ApiException OUT_OF_ORDER_SEQUENCE_NUMBER
     */
    void requireBehindMarker(ByteBuffer batches, int at) {
        int sequence = RecordBatch.baseSequence(batches, at);
        if (sequence != 0 && !log.context.lostPasts().includes(log.id)) {
            throw outOfOrder(RecordBatch.producerId(batches, at), sequence);
        }
    }

    private static ApiException outOfOrder(long producerId, int sequence) {
        return new ApiException(
                ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                "Producer " + producerId + " begins with sequence " + sequence + ", nothing of it came before");
    }

    private Past past(long producerId) throws IOException {
        return new Past(
                log.startOffset,
                log.config.mayBeCompacted(),
                log.producers.mayHaveForgotten(producerId),
                oldestMs(),
                log.endOffset == log.startOffset,
                log.context.lostPasts().includes(log.id));
    }

    /** Of a first segment that is damaged anything may have been known. */
    private long oldestMs() throws IOException {
        try {
            return log.segments.first().times().firstTimestampMs();
        } catch (DamagedSegmentException e) {
            return Long.MIN_VALUE;
        }
    }
}
