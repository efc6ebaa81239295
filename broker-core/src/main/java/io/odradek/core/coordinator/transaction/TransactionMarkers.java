package io.odradek.core.coordinator.transaction;

import io.odradek.protocol.errors.ErrorCode;
import java.util.function.Consumer;

/** Writes the ends of transactions to their partitions, wherever those are led. */
public interface TransactionMarkers {
    /**
     * Has the marker written to each partition, again and again until it is there and on all in-sync replicas, or the partition
     * has been deleted.
     *
     * @param ended the transaction, with one partition at least
     * @param done is told once, on any thread: NONE when that is done; TRANSACTION_COORDINATOR_FENCED or
     *     INVALID_PRODUCER_EPOCH where a partition has heard of the transaction's end, or of what came after it, from a
     *     later coordinator. Nothing is said any more once the writing was stopped
     * @return what stops it
     */
    Writing write(EndedTransaction ended, Consumer<ErrorCode> done);

    /** The markers of one transaction on their way. */
    interface Writing {
        /** Writes no more of them, as far as they have not left; from any thread. */
        void stop();
    }
}
