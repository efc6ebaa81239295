package io.odradek.core.quota;

/**
 * What is left of something that comes at a rate and can be saved up to a bound (KIP-599). One that is used for the first time is full; it
 * may be overdrawn. Belongs to one thread at a time.
 */
final class TokenBucket {
    private static final double MS_PER_SECOND = 1_000;

    private final QuotaSpan span;
    private double tokens;
    private long filledMs;
    private boolean begun;

    TokenBucket(QuotaSpan span) {
        this.span = span;
    }

    /** {@return how many tokens there are; less than none if it is overdrawn} @param perSecond how many come */
    double tokens(double perSecond, long nowMs) {
        double most = span.burst(perSecond);
        double more = begun ? tokens + perSecond * (nowMs - filledMs) / MS_PER_SECOND : most;
        begun = true;
        // Rates that are no number, or endless, leave nothing that a later one could be reckoned from.
        tokens = Double.isFinite(more) ? Math.min(most, more) : most;
        filledMs = nowMs;
        return tokens;
    }

    /** Takes tokens, whether there are so many or not. {@return what is left} */
    double take(double amount, double perSecond, long nowMs) {
        tokens = tokens(perSecond, nowMs) - amount;
        return tokens;
    }

    /** {@return whether all has come back that was taken} */
    boolean isFull(double perSecond, long nowMs) {
        return tokens(perSecond, nowMs) >= span.burst(perSecond);
    }
}
