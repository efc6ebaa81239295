package io.odradek.core.security.token;

import java.util.List;

/**
 * How long tokens live. Sums that no clock ever shows are the latest time there is; with Kafka they are in the past.
 *
 * @param longestMs {@code delegation.token.max.lifetime.ms}
 * @param renewalMs {@code delegation.token.expiry.time.ms}, for how long a token is valid until it has to be renewed
 */
public record TokenLife(long longestMs, long renewalMs) {
    /**
     * {@return a new token}
     *
     * @param wantedMs how long it may live at most; zero or less for as long as is allowed
     */
    DelegationToken begin(String id, String owner, String requester, List<String> renewers, long nowMs, long wantedMs) {
        long maxMs = sum(nowMs, wantedMs <= 0 ? longestMs : Math.min(wantedMs, longestMs));
        return new DelegationToken(id, owner, requester, List.copyOf(renewers), nowMs, maxMs, maxMs)
                .ending(sum(nowMs, renewalMs));
    }

    /** {@return a token that is renewed} @param periodMs for how long from now; negative for as long as one that is new */
    DelegationToken renewed(DelegationToken token, long nowMs, long periodMs) {
        return token.ending(sum(nowMs, periodMs < 0 ? renewalMs : periodMs));
    }

    /** {@return a token that ends after a time, sooner or later than it would} @param periodMs not negative */
    static DelegationToken ending(DelegationToken token, long nowMs, long periodMs) {
        return token.ending(sum(nowMs, periodMs));
    }

    private static long sum(long nowMs, long periodMs) {
        return periodMs > Long.MAX_VALUE - nowMs ? Long.MAX_VALUE : nowMs + periodMs;
    }
}
