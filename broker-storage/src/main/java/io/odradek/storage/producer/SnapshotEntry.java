package io.odradek.storage.producer;

/**
 * A producer as a snapshot file has it.
 *
 * @param producerId the producer's id
 * @param producerEpoch its epoch
 * @param lastSequence the sequence of its last record, -1 if no batch of it is there
 * @param lastOffset the offset of its last record, -1 if no batch of it is there
 * @param offsetDelta the last offset of its last batch less the first one
 * @param timestampMs when it wrote last, in ms since the epoch
 * @param coordinatorEpoch the epoch of the coordinator that ended its last transaction, -1 if none did
 * @param currentTransactionFirstOffset where its open transaction begins, -1 if none is open
 */
public record SnapshotEntry(
        long producerId,
        short producerEpoch,
        int lastSequence,
        long lastOffset,
        int offsetDelta,
        long timestampMs,
        int coordinatorEpoch,
        long currentTransactionFirstOffset) {
    /** {@return whether a batch of the producer is there} */
    public boolean hasBatch() {
        return lastOffset >= 0;
    }

    /** {@return the sequence of the first record of its last batch; sequences go on with 0 after the largest int} */
    public int firstSequence() {
        return (lastSequence - offsetDelta) & Integer.MAX_VALUE;
    }
}
