package io.odradek.core.coordinator.group;

/**
 * A group's position in a partition.
 *
 * @param offset the offset of the next record to read
 * @param leaderEpoch the epoch of the last record read, -1 if unknown
 * @param metadata the client's note
 * @param commitTimestampMs when it was committed, milliseconds since the epoch
 * @param expireTimestampMs when it expires, milliseconds since the epoch, -1 for the broker's retention
 * @param recordOffset where it stands in the coordinator's log, -1 if it does not yet
 */
record CommittedOffset(
        long offset,
        int leaderEpoch,
        String metadata,
        long commitTimestampMs,
        long expireTimestampMs,
        long recordOffset) {
    /** Says that there is no position. */
    static final long NO_OFFSET = -1;
    /** Says that the epoch is unknown. */
    static final int NO_LEADER_EPOCH = -1;
    /** Says that the broker's retention holds. */
    static final long NO_EXPIRY = -1;

    private static final long NOT_STORED = -1;

    /** A position that is to be stored. */
    CommittedOffset(long offset, int leaderEpoch, String metadata, long commitTimestampMs, long expireTimestampMs) {
        this(offset, leaderEpoch, metadata, commitTimestampMs, expireTimestampMs, NOT_STORED);
    }
}
