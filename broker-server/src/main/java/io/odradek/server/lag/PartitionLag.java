package io.odradek.server.lag;

/**
 * How far a group is behind in a partition.
 *
 * @param records the offsets from the committed one to the next one of the partition; -1 if the latter is not known here
 * @param firstMs the time of the first record that has not been committed, in ms since 1970; -1 if that is not known, -2 if
 *     nothing waits
 */
public record PartitionLag(long records, long firstMs) {
    /** Nothing is known of a partition that is led elsewhere. */
    public static final PartitionLag UNKNOWN = new PartitionLag(-1, FirstUncommitted.UNKNOWN);

    static final PartitionLag NONE = new PartitionLag(0, FirstUncommitted.NOTHING);

    /**
     * {@return how long the first record that has not been committed has been waiting, in ms; 0 if none does, -1 if that is not
     * known}
     *
     * @param nowMs the time now, in ms since 1970
     */
    public long waitedMs(long nowMs) {
        if (firstMs == FirstUncommitted.NOTHING) {
            return 0;
        }
        return firstMs < 0 ? -1 : Math.max(0, nowMs - firstMs);
    }
}
