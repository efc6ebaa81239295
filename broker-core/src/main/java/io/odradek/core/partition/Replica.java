package io.odradek.core.partition;

/**
 * What a leader knows of one follower. Belongs to the owner's loop.
 */
public final class Replica {
    /** The end offset of a follower that has not fetched since this broker became the leader. */
    public static final long UNKNOWN_OFFSET = -1;

    private final int brokerId;
    private long endOffset = UNKNOWN_OFFSET;
    private long lastFetchMs;

    /** @param brokerId the follower's broker id */
    public Replica(int brokerId) {
        this.brokerId = brokerId;
    }

    /** {@return the follower's broker id} */
    public int brokerId() {
        return brokerId;
    }

    /** {@return the offset after the last record that the follower has, or {@link #UNKNOWN_OFFSET}} */
    public long endOffset() {
        return endOffset;
    }

    /** {@return the monotonic milliseconds of its last fetch} */
    public long lastFetchMs() {
        return lastFetchMs;
    }

    /** The follower fetched from an offset, so it has everything before. */
    public void fetchedFrom(long offset, long nowMs) {
        endOffset = offset;
        lastFetchMs = nowMs;
    }
}
