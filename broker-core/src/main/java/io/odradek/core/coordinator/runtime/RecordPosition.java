package io.odradek.core.coordinator.runtime;

import io.odradek.protocol.record.RecordBatch;

/**
 * Where a record stands in a coordinator's log, and in whose transaction.
 *
 * @param offset its offset
 * @param producerId the producer whose transaction it is part of, {@link RecordBatch#NO_PRODUCER_ID} if it is in none
 * @param producerEpoch that producer's epoch, {@link RecordBatch#NO_PRODUCER_EPOCH} if there is none
 */
public record RecordPosition(long offset, long producerId, short producerEpoch) {
    /** {@return a position outside any transaction} */
    public static RecordPosition at(long offset) {
        return new RecordPosition(offset, RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH);
    }

    /** {@return the same in another place} */
    RecordPosition moved(long otherOffset) {
        return new RecordPosition(otherOffset, producerId, producerEpoch);
    }

    /** {@return whether it counts only once its transaction is committed, which {@link ShardState#endTransaction} tells} */
    public boolean isTransactional() {
        return producerId != RecordBatch.NO_PRODUCER_ID;
    }
}
