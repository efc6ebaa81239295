package io.odradek.core.quota;

/**
 * What those have had who share a bound: a user, a client id, or a user with a client id. How large the bound is may change from
 * call to call. Thread-safe.
 */
final class QuotaShare {
    private static final double MS_PER_SECOND = 1_000;

    private final QuotaKind kind;
    private final QuotaSpan span;
    private final long mostThrottledMs;
    private final SpannedRate rate;
    private final SpannedRate throttledMs;
    private final SpannedRate throttles;
    private final Repayment repayment;
    private final TokenBucket bucket;
    private double perSecond;
    private long usedMs;
    private volatile boolean forgotten;
    private AutoCloseable shown;

    QuotaShare(QuotaKind kind, QuotaSpan span) {
        this.kind = kind;
        this.span = span;
        // Of what threads work, nobody is to wait for more than it would take to be forgotten in part (KIP-124).
        this.mostThrottledMs = kind == QuotaKind.REQUEST ? span.windowMs() : Integer.MAX_VALUE;
        this.rate = new SpannedRate(span);
        this.throttledMs = new SpannedRate(span);
        this.throttles = new SpannedRate(span);
        this.repayment = new Repayment(span);
        this.bucket = kind == QuotaKind.MUTATION ? new TokenBucket(span) : null;
    }

    QuotaKind kind() {
        return kind;
    }

    /** Has something closed when it is forgotten. */
    void shows(AutoCloseable meters) {
        shown = meters;
    }

    /**
     * {@return for how long the client is to rest after it has had so much, in milliseconds; 0 for not at all} At first that is what
     * Kafka says: until it would have had no more than it may, were nothing forgotten.
     */
    synchronized int take(double amount, double bound, long nowMs) {
        count(amount, bound, nowMs);
        double value = rate.perSecond(nowMs);
        double restMs = value <= bound ? 0 : (value - bound) / bound * rate.spanMs(nowMs);
        if (bound > 0 && repayment.owes()) {
            // A window at a time: it may be that more is allowed by then.
            return bounded(Math.min(repayment.restMs(nowMs), Math.max(restMs, span.windowMs())));
        }
        if (bound > 0 && value > bound) {
            repayment.begin(rate.sinceMs(nowMs), rate.sum(nowMs), bound);
        }
        return bounded(restMs);
    }

    /** Counts what a client has had, or takes that back, whatever it may have. */
    synchronized void count(double amount, double bound, long nowMs) {
        used(bound, nowMs);
        rate.add(amount, nowMs);
        if (bound > 0) {
            repayment.add(amount, bound, nowMs);
        }
    }

    /**
     * Takes tokens for partitions that are created or deleted.
     *
     * @param strict whether none are taken where too many have been before
     * @return whether that was all right: before, if it is strict, and afterwards, if it is not
     */
    synchronized boolean mutate(int amount, double bound, boolean strict, long nowMs) {
        used(bound, nowMs);
        if (strict && bucket.tokens(bound, nowMs) < 0) {
            return false;
        }
        rate.add(amount, nowMs);
        return !(bucket.take(amount, bound, nowMs) < 0) || strict;
    }

    /** {@return how long it takes until nothing is overdrawn, in milliseconds; 0 also if that never is} */
    synchronized int untilTokensMs(double bound, long nowMs) {
        return bounded(-bucket.tokens(bound, nowMs) / bound * MS_PER_SECOND);
    }

    /** What is no time, or none that ends, is not waited for, as with Kafka: so bounds of 0 and less throttle nobody. */
    private int bounded(double throttleMs) {
        long rounded = Math.round(Math.min(throttleMs, mostThrottledMs));
        return kind != QuotaKind.REQUEST && Double.isInfinite(throttleMs) ? 0 : (int) Math.max(0, rounded);
    }

    /** A client has been told to rest. */
    synchronized void throttled(int forMs, long nowMs) {
        throttledMs.add(forMs, nowMs);
        throttles.add(1, nowMs);
    }

    /** {@return how much comes in a second} */
    synchronized double perSecond(long nowMs) {
        return rate.perSecond(nowMs);
    }

    /** {@return for how long clients were told to rest, on average, in milliseconds} */
    synchronized double throttledMs(long nowMs) {
        double times = throttles.perSecond(nowMs);
        return times <= 0 ? 0 : throttledMs.perSecond(nowMs) / times;
    }

    /** {@return how many tokens are left} */
    synchronized double tokens(long nowMs) {
        return bucket.tokens(perSecond, nowMs);
    }

    private void used(double bound, long nowMs) {
        perSecond = bound;
        usedMs = nowMs;
    }

    /** {@return how long nobody has had anything, in milliseconds} */
    synchronized long restedMs(long nowMs) {
        return nowMs - usedMs;
    }

    /** {@return whether it is as if nobody had ever had anything} */
    synchronized boolean isAtRest(long nowMs) {
        return nowMs - usedMs > span.wholeMs() && (bucket == null || bucket.isFull(perSecond, nowMs));
    }

    /** {@return whether it is not to be used any more, as another may have taken its place} */
    boolean isForgotten() {
        return forgotten;
    }

    /** Nobody finds it any more. */
    void forget() {
        forgotten = true;
        if (shown != null) {
            try {
                shown.close();
            } catch (Exception cannotBe) {
                throw new IllegalStateException(cannotBe);
            }
        }
    }
}
