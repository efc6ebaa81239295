package io.odradek.core.partition;

/**
 * What a leader knows of one follower, from the follower's fetches. Belongs to the owner's loop.
 *
 * <p>It has caught up at a time when it had all that its leader had then. That is known when it fetches from the leader's
 * end, or, of its last fetch, when it fetches from where the leader's log ended at that one.
 */
public final class Replica {
    /** The end offset of a follower that has not fetched since this broker became the leader. */
    public static final long UNKNOWN_OFFSET = -1;

    /** The life of a broker that has not told it. */
    public static final long UNKNOWN_EPOCH = -1;

    /** How long a replica that the controller refused is not proposed again, in milliseconds. */
    private static final long REFUSED_FOR_MS = 1_000;

    private static final long NEVER = Long.MIN_VALUE / 2;

    private final int brokerId;
    private long brokerEpoch = UNKNOWN_EPOCH;
    private long startOffset = UNKNOWN_OFFSET;
    private long endOffset = UNKNOWN_OFFSET;
    private long leaderEndOffset = UNKNOWN_OFFSET;
    private long lastFetchMs = NEVER;
    private long caughtUpMs;
    private long refusedMs = NEVER;

    /**
     * A follower of a leader that begins.
     *
     * @param brokerId the follower's broker id
     * @param inSync whether it is in sync: then it has a while to show it
     * @param nowMs the monotonic milliseconds
     */
    public Replica(int brokerId, boolean inSync, long nowMs) {
        this.brokerId = brokerId;
        this.caughtUpMs = inSync ? nowMs : NEVER;
    }

    /** {@return the follower's broker id} */
    public int brokerId() {
        return brokerId;
    }

    /** {@return the life of its broker in which it fetched last, or {@link #UNKNOWN_EPOCH}} */
    public long brokerEpoch() {
        return brokerEpoch;
    }

    /** {@return where the follower's log begins, or {@link #UNKNOWN_OFFSET}} */
    public long startOffset() {
        return startOffset;
    }

    /** {@return the offset after the last record that the follower has, or {@link #UNKNOWN_OFFSET}} */
    public long endOffset() {
        return endOffset;
    }

    /** {@return whether a fetch comes from an earlier life of the follower's broker than one before} */
    boolean isFromEarlierLife(FollowerFetch fetch) {
        return fetch.brokerEpoch() != UNKNOWN_EPOCH && fetch.brokerEpoch() < brokerEpoch;
    }

    /**
     * The follower fetched.
     *
     * @param fetch with an offset that the leader has
     * @param leaderEnd the end of the leader's log
     * @param nowMs the monotonic milliseconds
     */
    void fetched(FollowerFetch fetch, long leaderEnd, long nowMs) {
        if (fetch.offset() >= leaderEnd) {
            caughtUpMs = Math.max(caughtUpMs, nowMs);
        } else if (fetch.offset() >= leaderEndOffset && lastFetchMs != NEVER) {
            caughtUpMs = Math.max(caughtUpMs, lastFetchMs);
        }
        if (nowMs - refusedMs >= REFUSED_FOR_MS) {
            refusedMs = NEVER;
        }
        brokerEpoch = Math.max(brokerEpoch, fetch.brokerEpoch());
        startOffset = fetch.logStartOffset();
        endOffset = fetch.offset();
        leaderEndOffset = Math.max(leaderEndOffset, leaderEnd);
        lastFetchMs = nowMs;
    }

    /** {@return whether it has all that the leader has, or had not long ago} */
    boolean isCaughtUp(long leaderEnd, long nowMs, long maxLagMs) {
        return endOffset == leaderEnd || nowMs - caughtUpMs <= maxLagMs;
    }

    /** The controller would not have it in sync. */
    void refused(long nowMs) {
        refusedMs = nowMs;
    }

    /** {@return whether the controller has refused it, and it has not fetched after a while since} */
    boolean isRefused() {
        return refusedMs != NEVER;
    }
}
