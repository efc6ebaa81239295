package io.odradek.core.quota;

/**
 * What a client owes that has once had more than it may: until all is paid for at its rate it gets no further ahead than a window, however
 * much of what it had is forgotten by then.
 *
 * <pre>
 *   owes nothing --has had too much in the span---------> owes
 *   owes         --has not had what it might for a span-> owes nothing
 *   owes         --may have more or less----------------> owes nothing, and is looked at anew
 * </pre>
 *
 * With windows alone, as Kafka has it, a client has ten seconds' worth at once, is held back for so long, and has as much at
 * once again: of any half minute it has between three quarters and six fifths of what it may. Belongs to one thread at a time.
 */
final class Repayment {
    private static final double MS_PER_SECOND = 1_000;

    private final QuotaSpan span;
    private boolean owes;
    private double paidMs;
    private double perSecond;

    Repayment(QuotaSpan span) {
        this.span = span;
    }

    /** {@return whether it owes something} */
    boolean owes() {
        return owes;
    }

    /** It has had too much. @param sinceMs when that began @param amount how much it was @param bound what it may have in a second */
    void begin(long sinceMs, double amount, double bound) {
        owes = true;
        perSecond = bound;
        paidMs = sinceMs + amount / bound * MS_PER_SECOND;
    }

    /** It has something more, or gives something back. */
    void add(double amount, double bound, long nowMs) {
        if (!owes) {
            return;
        }
        double leastMs = span.leastSeconds() * MS_PER_SECOND;
        if (paidMs <= nowMs - leastMs || bound != perSecond) {
            owes = false;
            return;
        }
        double saved = Math.max(0, leastMs - span.windowMs());
        paidMs = Math.max(paidMs, nowMs - saved) + amount / bound * MS_PER_SECOND;
    }

    /** {@return in how many milliseconds it may have more; 0 or less for now} */
    double restMs(long nowMs) {
        return paidMs - nowMs - span.windowMs();
    }
}
