package io.odradek.core.fetch;

import io.odradek.core.memory.MemoryAccount;
import io.odradek.core.memory.MemoryShare;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Randoms;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The fetch sessions of a broker, at most {@code max.incremental.fetch.session.cache.slots}, and of as many partitions as
 * {@code odradek.memory.fetch.sessions.bytes} has room for. Looking one up takes no lock; creating one does, which clients do
 * once.
 *
 * <p>When all slots or all memory are taken, a new session takes the place of one that has not been used for two minutes, the least
 * recently used first; else of one that is worth less (followers before consumers, more partitions before fewer) and older
 * than two minutes, where a follower may also push out a younger consumer; else there is no session, and the client goes on
 * with full fetches (KIP-227).
 */
public final class FetchSessionCache {
    /** The age after which a session may be pushed out ({@code min.incremental.fetch.session.eviction.ms}). */
    static final long EVICTION_MS = 120_000;

    private final int slots;
    private final Clock clock;
    private final Randoms randoms;
    private final MemoryShare memory;
    private final Map<Integer, FetchSession> sessions = new ConcurrentHashMap<>();

    /**
     * @param slots the most sessions kept, 0 for none
     * @param clock for their ages
     * @param randoms for their identifiers
     * @param memory what their partitions are charged to
     */
    public FetchSessionCache(int slots, Clock clock, Randoms randoms, MemoryShare memory) {
        this.memory = memory;
        this.slots = slots;
        this.clock = clock;
        this.randoms = randoms;
    }

    /** One whose sessions may have as many partitions as there is heap. */
    public FetchSessionCache(int slots, Clock clock, Randoms randoms) {
        this(slots, clock, randoms, MemoryAccount.unbounded().fetchSessions());
    }

    /** {@return how many sessions there are} */
    public int size() {
        return sessions.size();
    }

    /** {@return the setting that bounds the memory} */
    String setting() {
        return memory.setting();
    }

    long nowMs() {
        return clock.monotonicNs() / 1_000_000;
    }

    FetchSession get(int id) {
        return sessions.get(id);
    }

    void remove(int id) {
        FetchSession session = sessions.remove(id);
        if (session != null) {
            session.close();
        }
    }

    /** {@return a new session of these partitions, in use; null if there is no room for it} */
    FetchSession create(boolean privileged, boolean usesTopicIds, List<FetchWish> wishes) {
        FetchSession session = reserve(privileged, usesTopicIds, wishes.size(), FetchSession.bytesOf(wishes));
        if (session != null) {
            session.put(wishes);
        }
        return session;
    }

    private synchronized FetchSession reserve(boolean privileged, boolean usesTopicIds, int count, long bytes) {
        if (slots == 0 || bytes > memory.limitBytes()) {
            return null;
        }
        long nowMs = nowMs();
        FetchSession session = new FetchSession(newId(), privileged, usesTopicIds, nowMs, memory);
        while (sessions.size() >= slots || !session.take(bytes)) {
            if (!evictFor(privileged, count, nowMs)) {
                return null;
            }
        }
        sessions.put(session.id(), session);
        return session;
    }

    private boolean evictFor(boolean privileged, int partitionCount, long nowMs) {
        FetchSession stalest = null;
        FetchSession cheapest = null;
        for (FetchSession session : sessions.values()) {
            if (stalest == null || isStaler(session, stalest)) {
                stalest = session;
            }
            boolean old = nowMs - session.createdMs() > EVICTION_MS;
            boolean evictable = old || privileged && !session.privileged();
            if (evictable && (cheapest == null || compareWorth(session, cheapest) < 0)) {
                cheapest = session;
            }
        }
        if (stalest != null && nowMs - stalest.lastUsedMs() > EVICTION_MS) {
            remove(stalest.id());
            return true;
        }
        if (cheapest != null && isWorthLess(cheapest, privileged, partitionCount)) {
            remove(cheapest.id());
            return true;
        }
        return false;
    }

    private static boolean isStaler(FetchSession a, FetchSession b) {
        return a.lastUsedMs() != b.lastUsedMs() ? a.lastUsedMs() < b.lastUsedMs() : a.id() < b.id();
    }

    private static int compareWorth(FetchSession a, FetchSession b) {
        if (a.privileged() != b.privileged()) {
            return a.privileged() ? 1 : -1;
        }
        int bySize = Integer.compare(a.size(), b.size());
        return bySize != 0 ? bySize : Integer.compare(a.id(), b.id());
    }

    private static boolean isWorthLess(FetchSession session, boolean privileged, int partitionCount) {
        return session.privileged() == privileged ? session.size() < partitionCount : privileged;
    }

    private int newId() {
        int id;
        do {
            id = 1 + randoms.nextInt(Integer.MAX_VALUE);
        } while (sessions.containsKey(id));
        return id;
    }
}
