package io.odradek.storage.producer;

/**
 * What a log knows of one idempotent producer: its epoch, and its last five batches, so that a retry of any of them is
 * recognized (KIP-98; five because a client may have five requests in flight).
 */
final class ProducerEntry {
    private static final int BATCHES = 5;
    static final long NONE = -1;

    private final long producerId;
    private final int[] lastSequences = new int[BATCHES];
    private final int[] offsetDeltas = new int[BATCHES];
    private final long[] lastOffsets = new long[BATCHES];
    private int newest = -1;
    private int count;
    private short epoch;
    private int coordinatorEpoch = -1;
    private long lastTimestampMs = -1;
    private long currentTransactionFirstOffset = NONE;

    ProducerEntry(long producerId, short epoch) {
        this.producerId = producerId;
        this.epoch = epoch;
    }

    long producerId() {
        return producerId;
    }

    short epoch() {
        return epoch;
    }

    int coordinatorEpoch() {
        return coordinatorEpoch;
    }

    long lastTimestampMs() {
        return lastTimestampMs;
    }

    long currentTransactionFirstOffset() {
        return currentTransactionFirstOffset;
    }

    boolean hasBatches() {
        return count > 0;
    }

    /** {@return the sequence of the last record, -1 if there is no batch} */
    int lastSequence() {
        return count == 0 ? -1 : lastSequences[newest];
    }

    long lastOffset() {
        return count == 0 ? -1 : lastOffsets[newest];
    }

    /** {@return the last offset of the newest batch that is remembered and ends below an offset, or -1} */
    long lastOffsetBelow(long offset) {
        for (int i = 0; i < count; i++) {
            int slot = Math.floorMod(newest - i, BATCHES);
            if (lastOffsets[slot] < offset) {
                return lastOffsets[slot];
            }
        }
        return NONE;
    }

    int lastOffsetDelta() {
        return count == 0 ? 0 : offsetDeltas[newest];
    }

    /** {@return the last offset of a kept batch with exactly these sequences, or -1} */
    long lastOffsetOf(int baseSequence, int lastSequence) {
        for (int i = 0; i < count; i++) {
            int slot = Math.floorMod(newest - i, BATCHES);
            if (lastSequences[slot] == lastSequence
                    && ((lastSequence - offsetDeltas[slot]) & Integer.MAX_VALUE) == baseSequence) {
                return lastOffsets[slot];
            }
        }
        return NONE;
    }

    void add(int lastSequence, long lastOffset, int offsetDelta, long timestampMs) {
        newest = (newest + 1) % BATCHES;
        lastSequences[newest] = lastSequence;
        lastOffsets[newest] = lastOffset;
        offsetDeltas[newest] = offsetDelta;
        count = Math.min(count + 1, BATCHES);
        lastTimestampMs = timestampMs;
    }

    /** Begins an epoch, in which no batch has been seen. */
    void begin(short newEpoch) {
        epoch = newEpoch;
        count = 0;
        newest = -1;
    }

    void seenAt(long timestampMs) {
        lastTimestampMs = timestampMs;
    }

    void coordinatorEpoch(int newEpoch) {
        coordinatorEpoch = newEpoch;
    }

    void transactionFrom(long firstOffset) {
        currentTransactionFirstOffset = firstOffset;
    }
}
