package io.odradek.core.quota;

import io.odradek.core.quota.ClientLimits.Held;
import io.odradek.core.transport.MutationAllowance;

/** What a client may change of the cluster, in one of its requests. */
final class MutationQuota implements MutationAllowance {
    private static final long NANOS_PER_MS = 1_000_000;

    private final Held held;
    private final boolean strict;
    private final ClientQuotas quotas;
    private long restsUntilMs;

    MutationQuota(Held held, boolean strict, ClientQuotas quotas) {
        this.held = held;
        this.strict = strict;
        this.quotas = quotas;
    }

    @Override
    public synchronized boolean take(int partitions) {
        long nowMs = quotas.nowNs() / NANOS_PER_MS;
        boolean may = held.share().mutate(partitions, held.perSecond(), strict, nowMs);
        if (!may) {
            restsUntilMs = nowMs + held.share().untilTokensMs(held.perSecond(), nowMs);
        }
        return may || !strict;
    }

    /** {@return how much longer the client is to rest, in milliseconds} */
    synchronized int throttleMs(long nowMs) {
        return (int) Math.max(0, restsUntilMs - nowMs);
    }
}
