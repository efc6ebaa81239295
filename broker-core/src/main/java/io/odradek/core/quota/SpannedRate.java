package io.odradek.core.quota;

/**
 * How much there is of something in a second, reckoned as Kafka's quotas of clients do: over all windows but one at least, so that who
 * comes with much after a rest is within its rate as if it had come all the time. What came in a window goes when the last of it
 * is as old as all windows together. Belongs to one thread at a time.
 */
final class SpannedRate {
    private static final double MS_PER_SECOND = 1_000;

    private final QuotaSpan span;
    private final long[] beginnings;
    private final long[] ends;
    private final double[] sums;
    private int used;
    private int newest = -1;

    SpannedRate(QuotaSpan span) {
        this.span = span;
        // One more: the oldest may have begun before the span, and ended in it.
        int windows = span.windows() + 1;
        beginnings = new long[windows];
        ends = new long[windows];
        sums = new double[windows];
    }

    /** Something has come; negative to take back what had. */
    void add(double amount, long nowMs) {
        if (newest < 0 || nowMs - beginnings[newest] >= span.windowMs()) {
            newest = (newest + 1) % sums.length;
            used = Math.max(used, newest + 1);
            beginnings[newest] = nowMs;
            sums[newest] = 0;
        }
        sums[newest] += amount;
        ends[newest] = nowMs;
    }

    /** {@return how much comes in a second} */
    double perSecond(long nowMs) {
        return sum(nowMs) * MS_PER_SECOND / spanMs(nowMs);
    }

    /** {@return how much has come and is not forgotten} */
    double sum(long nowMs) {
        forget(nowMs);
        double sum = 0;
        for (int i = 0; i < used; i++) {
            sum += sums[i];
        }
        return sum;
    }

    /** {@return since when that has come} */
    long sinceMs(long nowMs) {
        forget(nowMs);
        long oldestMs = nowMs;
        for (int i = 0; i < used; i++) {
            oldestMs = Math.min(oldestMs, beginnings[i]);
        }
        return oldestMs;
    }

    /** {@return what the rate is reckoned over now, in milliseconds} */
    long spanMs(long nowMs) {
        long sinceMs = nowMs - sinceMs(nowMs);
        long missing = span.windows() - 1 - sinceMs / span.windowMs();
        return Math.max(1, missing > 0 ? sinceMs + missing * span.windowMs() : sinceMs);
    }

    /** What is too old begins again, now, with nothing. */
    private void forget(long nowMs) {
        for (int i = 0; i < used; i++) {
            if (nowMs - ends[i] >= span.wholeMs()) {
                beginnings[i] = nowMs;
                ends[i] = nowMs;
                sums[i] = 0;
            }
        }
    }
}
