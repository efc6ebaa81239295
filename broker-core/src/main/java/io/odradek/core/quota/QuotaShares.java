package io.odradek.core.quota;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What clients have had, of one kind, by who shares a bound. Names of clients are theirs to choose, so there are so many at most; those
 * that are as if they had never had anything give way then, and else whoever comes shares what is left with all others that came too
 * late. One that has had nothing for an hour is forgotten anyway. What each has had is shown as {@code quota.<kind>.rate}, in thousandths,
 * {@code quota.<kind>.throttle}, in thousandths of milliseconds, and {@code quota.mutation.tokens}. Thread-safe.
 */
final class QuotaShares {
    /** As long as Kafka remembers. */
    private static final long REMEMBERED_MS = TimeUnit.HOURS.toMillis(1);

    private static final long BETWEEN_SWEEPS_MS = TimeUnit.MINUTES.toMillis(1);
    private static final long BETWEEN_SWEEPS_WHEN_FULL_MS = TimeUnit.SECONDS.toMillis(1);

    private final QuotaKind kind;
    private final QuotaSpan span;
    private final int most;
    private final QuotaMeters meters;
    private final Map<Name, QuotaShare> shares = new ConcurrentHashMap<>();
    private QuotaShare rest;
    private long sweptMs;

    /** @param user empty for any @param clientId empty for any */
    private record Name(String user, String clientId) {}

    /** @param most how many there are at most ({@code odradek.quota.clients.max}) */
    QuotaShares(QuotaKind kind, QuotaSpan span, int most, QuotaMeters meters) {
        this.kind = kind;
        this.span = span;
        this.most = most;
        this.meters = meters;
    }

    /** {@return what those have had whom a bound holds} */
    QuotaShare of(QuotaBounds.Bound bound, long nowMs) {
        QuotaShare known = shares.get(new Name(bound.user(), bound.clientId()));
        return known == null ? make(bound, nowMs) : known;
    }

    /** {@return how many there are} */
    int size() {
        return shares.size();
    }

    private synchronized QuotaShare make(QuotaBounds.Bound bound, long nowMs) {
        Name name = new Name(bound.user(), bound.clientId());
        QuotaShare known = shares.get(name);
        if (known != null) {
            return known;
        }
        boolean full = shares.size() >= most;
        if (nowMs - sweptMs >= (full ? BETWEEN_SWEEPS_WHEN_FULL_MS : BETWEEN_SWEEPS_MS)) {
            sweptMs = nowMs;
            sweep(full, nowMs);
        }
        if (shares.size() >= most) {
            if (rest == null) {
                rest = new QuotaShare(kind, span);
                // So that nobody keeps to it who might have one of its own by now.
                rest.forget();
            }
            return rest;
        }
        QuotaShare made = new QuotaShare(kind, span);
        meters.show(made, bound);
        shares.put(name, made);
        return made;
    }

    private void sweep(boolean full, long nowMs) {
        for (Iterator<QuotaShare> all = shares.values().iterator(); all.hasNext(); ) {
            QuotaShare share = all.next();
            if (share.isAtRest(nowMs) && (full || share.restedMs(nowMs) >= REMEMBERED_MS)) {
                all.remove();
                share.forget();
            }
        }
    }
}
