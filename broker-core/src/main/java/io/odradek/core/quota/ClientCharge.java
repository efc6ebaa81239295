package io.odradek.core.quota;

import io.odradek.core.quota.ClientLimits.Held;
import io.odradek.core.transport.RequestCharge;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.RequestHeader;

/**
 * A request of a client that something holds, on its way. What it costs is reckoned when it is answered; what threads work for it is
 * counted from stretch to stretch, on whatever thread: what comes after the answer is counted too, and the next request pays for
 * it. What brokers order each other, and logins, is nobody's work (KIP-124). Thread-safe.
 */
public final class ClientCharge implements RequestCharge {
    private static final long NANOS_PER_MS = 1_000_000;
    private static final double PERCENT_OF_A_SECOND_PER_NS = 1e-7;

    private final ClientQuotas quotas;
    private final ClientLimits limits;
    private final RequestHeader header;
    private final Held work;
    /** Who has begun with the request, and has not handed it on. */
    private volatile Thread beginner;

    /** A thread on which a stretch goes on, and how many more have begun within that. */
    private Thread worker;

    private int nested;
    private int stretches;
    private long workedNs;
    private long countedNs;
    private boolean answered;
    private boolean counts;
    private int throttleMs;
    private MutationQuota mutations;

    /** On the thread that has begun with the request. */
    ClientCharge(ClientQuotas quotas, ClientLimits limits, RequestHeader header, long beganNs) {
        this.quotas = quotas;
        this.limits = limits;
        this.header = header;
        ApiKey api = ApiKey.of(header.apiKey());
        this.work = api != null && isExempt(api) ? null : limits.of(QuotaKind.REQUEST);
        if (work != null) {
            beginner = Thread.currentThread();
            stretches = 1;
            workedNs = -beganNs;
        }
    }

    private static boolean isExempt(ApiKey api) {
        return switch (api) {
            case LEADER_AND_ISR,
                    STOP_REPLICA,
                    UPDATE_METADATA,
                    CONTROLLED_SHUTDOWN,
                    WRITE_TXN_MARKERS,
                    ALTER_PARTITION,
                    SASL_HANDSHAKE,
                    SASL_AUTHENTICATE -> true;
            default -> false;
        };
    }

    /** A stretch of work begins; within another one it is part of that, as when what is answered is sent at once. */
    public void begins() {
        if (work != null && beginner != Thread.currentThread()) {
            begins(Thread.currentThread());
        }
    }

    private synchronized void begins(Thread thread) {
        if (worker == thread) {
            nested++;
            return;
        }
        worker = worker == null ? thread : worker;
        stretches++;
        workedNs -= quotas.nowNs();
    }

    /** A stretch of work is over, on the thread that it began on. */
    public void ends() {
        if (work != null && beginner != Thread.currentThread()) {
            ends(Thread.currentThread());
        }
    }

    private synchronized void ends(Thread thread) {
        if (worker == thread && nested > 0) {
            nested--;
            return;
        }
        worker = worker == thread ? null : worker;
        over();
    }

    /** Who has begun with the request has handed it on, or is done with it. */
    public void handedOn() {
        if (work != null) {
            beginner = null;
            over();
        }
    }

    private synchronized void over() {
        long nowNs = quotas.nowNs();
        stretches--;
        workedNs += nowNs;
        if (counts) {
            double uncounted = uncounted(nowNs);
            if (uncounted > 0) {
                work.share().count(uncounted, work.perSecond(), nowNs / NANOS_PER_MS);
            }
        }
    }

    /** {@return what has been worked and not been counted, in percent of a second; which is counted now} */
    private double uncounted(long nowNs) {
        long untilNowNs = workedNs + stretches * nowNs;
        double percent = (untilNowNs - countedNs) * PERCENT_OF_A_SECOND_PER_NS;
        countedNs = untilNowNs;
        return percent;
    }

    @Override
    public int mostFetchBytes() {
        Held held = limits.of(QuotaKind.FETCH);
        return held == null
                ? Integer.MAX_VALUE
                : (int) Math.max(0, held.perSecond() * quotas.span().leastSeconds());
    }

    @Override
    public synchronized int fetched(long sizeBytes) {
        if (!answered) {
            long nowNs = quotas.nowNs();
            long nowMs = nowNs / NANOS_PER_MS;
            Held held = limits.of(QuotaKind.FETCH);
            rest(take(held, sizeBytes, nowMs), held, worked(nowNs), nowMs);
            if (held != null && throttleMs > 0) {
                held.share().count(-sizeBytes, held.perSecond(), nowMs);
            }
        }
        return throttleMs;
    }

    /**
     * A Produce is to be answered; or not, but is over.
     *
     * @param sizeBytes how long it was
     * @param acknowledged whether it is answered: of others the work is not counted
     * @return for how long the client is to rest, in milliseconds
     */
    public synchronized int produced(int sizeBytes, boolean acknowledged) {
        if (!answered) {
            long nowNs = quotas.nowNs();
            long nowMs = nowNs / NANOS_PER_MS;
            Held held = limits.of(QuotaKind.PRODUCE);
            rest(take(held, sizeBytes, nowMs), held, acknowledged ? worked(nowNs) : 0, nowMs);
        }
        return throttleMs;
    }

    /** A request is to be answered. {@return for how long the client is to rest, in milliseconds} */
    public synchronized int answered() {
        if (!answered) {
            long nowNs = quotas.nowNs();
            long nowMs = nowNs / NANOS_PER_MS;
            int ofMutationsMs = mutations == null ? 0 : mutations.throttleMs(nowMs);
            rest(ofMutationsMs, limits.of(QuotaKind.MUTATION), worked(nowNs), nowMs);
        }
        return throttleMs;
    }

    private static int take(Held held, long sizeBytes, long nowMs) {
        return held == null ? 0 : held.share().take(sizeBytes, held.perSecond(), nowMs);
    }

    /** Counts the work so far, and from now on what follows. {@return for how long the client is to rest for it} */
    private int worked(long nowNs) {
        counts = work != null;
        return counts ? work.share().take(uncounted(nowNs), work.perSecond(), nowNs / NANOS_PER_MS) : 0;
    }

    /** The longer rest is the one that counts, and is shown, for its kind. */
    private void rest(int ofKindMs, Held held, int ofWorkMs, long nowMs) {
        answered = true;
        throttleMs = Math.max(ofKindMs, ofWorkMs);
        if (throttleMs > 0) {
            (ofKindMs > ofWorkMs ? held : work).share().throttled(throttleMs, nowMs);
        }
    }

    @Override
    public synchronized MutationQuota mutations(int strictSince) {
        Held held = limits.of(QuotaKind.MUTATION);
        if (mutations == null && held != null) {
            mutations = new MutationQuota(held, header.apiVersion() >= strictSince, quotas);
        }
        return mutations;
    }
}
