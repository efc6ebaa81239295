package io.odradek.core.quota;

/**
 * How much there is of something in a second, reckoned as Kafka's quotas and metrics do: over some windows of time, of which the oldest goes
 * when the newest is full. What comes at once counts for a whole window at least. Belongs to one thread at a time.
 */
public final class WindowedRate {
    private static final double MS_PER_SECOND = 1_000;

    private final long windowMs;
    private final long[] beginnings;
    private final long[] sums;
    private int used;
    private int newest = -1;

    /**
     * @param windows how many
     * @param windowMs how long each of them is
     */
    public WindowedRate(int windows, long windowMs) {
        this.windowMs = windowMs;
        beginnings = new long[windows];
        sums = new long[windows];
    }

    /** Something has come. */
    public void add(long amount, long nowMs) {
        if (newest < 0 || nowMs - beginnings[newest] >= windowMs) {
            newest = (newest + 1) % sums.length;
            used = Math.max(used, newest + 1);
            beginnings[newest] = nowMs;
            sums[newest] = 0;
        }
        sums[newest] += amount;
    }

    /** {@return how much comes in a second} */
    public double perSecond(long nowMs) {
        long oldestMs = nowMs;
        long sum = 0;
        for (int i = 0; i < used; i++) {
            if (nowMs - beginnings[i] < sums.length * windowMs) {
                oldestMs = Math.min(oldestMs, beginnings[i]);
                sum += sums[i];
            }
        }
        return sum * MS_PER_SECOND / Math.max(windowMs, nowMs - oldestMs);
    }
}
