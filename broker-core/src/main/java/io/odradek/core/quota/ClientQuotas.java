package io.odradek.core.quota;

import io.odradek.core.config.dynamic.ClientConfigs;
import io.odradek.core.config.dynamic.ClientEntity;
import io.odradek.core.transport.Peer;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.errors.Quoted;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.FewLines;
import io.odradek.storage.env.Guests;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.LoggerFactory;

/**
 * How much clients may have of a broker, and what they have had (KIP-13, 55, 124, 219, 599): by user, client id, both, and those who
 * have nothing set of their own. What is set is told on the cluster loop, the rest is for any thread.
 *
 * <p>A client that has had more than it may is told to rest, in the answer to the request that was too much, and its connection
 * rests so long: nobody else waits, and nothing is held meanwhile.
 */
public final class ClientQuotas implements ClientConfigs.Room {
    private static final int MOST_LINES = 10;
    private static final long LINES_INTERVAL_MS = 60_000;
    private static final long NANOS_PER_MS = 1_000_000;
    /** Longer client ids are known by so much of them, and a number that is made of the rest. */
    private static final int MOST_CLIENT_ID_CHARS = 256;

    private final Clock clock;
    private final QuotaSpan span;
    private final int most;
    private final FewLines lines;
    private final QuotaBounds[] bounds;
    private final QuotaShares[] shares;
    private final Map<Name, ClientLimits> limits = new ConcurrentHashMap<>();
    private volatile int state;
    private volatile boolean any;

    private record Name(String user, String clientId) {}

    /**
     * Nothing is set so far.
     *
     * @param span what rates are reckoned over ({@code quota.window.*})
     * @param mutationSpan what changes of the cluster are reckoned over ({@code controller.quota.window.*})
     * @param most of how many clients it is known what they have had ({@code odradek.quota.clients.max}), of each kind
     */
    public ClientQuotas(Guests guests, QuotaSpan span, QuotaSpan mutationSpan, int most) {
        this.clock = guests.clock();
        this.span = span;
        this.most = most;
        this.lines = new FewLines(LoggerFactory.getLogger(ClientQuotas.class), clock, MOST_LINES, LINES_INTERVAL_MS);
        QuotaMeters meters = new QuotaMeters(guests.meters(), clock);
        QuotaKind[] kinds = QuotaKind.values();
        bounds = new QuotaBounds[kinds.length];
        shares = new QuotaShares[kinds.length];
        for (QuotaKind kind : kinds) {
            bounds[kind.ordinal()] = new QuotaBounds();
            QuotaSpan ofKind = kind == QuotaKind.MUTATION ? mutationSpan : span;
            shares[kind.ordinal()] = new QuotaShares(kind, ofKind, most, meters);
        }
    }

    /** {@return whether anything is set for anybody} */
    public boolean any() {
        return any;
    }

    @Override
    public void changed(ClientEntity entity, SortedMap<String, String> settings) {
        if (entity.ip() != null) {
            return;
        }
        boolean some = false;
        for (QuotaKind kind : QuotaKind.values()) {
            QuotaBounds ofKind = bounds[kind.ordinal()];
            ofKind.set(entity, bound(entity, kind, settings.get(kind.setting())));
            some |= !ofKind.isEmpty();
        }
        state++;
        any = some;
    }

    /** What cannot be kept to is said, and otherwise it is as with Kafka. */
    private Double bound(ClientEntity entity, QuotaKind kind, String text) {
        if (text == null) {
            return null;
        }
        String what = kind.setting() + "=" + Quoted.text(text) + " for " + Quoted.text(entity.path());
        double perSecond;
        try {
            perSecond = Double.parseDouble(text.trim());
        } catch (NumberFormatException none) {
            lines.error("The quota " + what + " is no number, and holds nobody");
            return null;
        }
        if (!(perSecond > 0)) {
            lines.warn("The quota " + what + " is no rate that a client could be held to: " + effect(kind, perSecond));
        }
        return perSecond;
    }

    private static String effect(QuotaKind kind, double perSecond) {
        if (kind == QuotaKind.REQUEST && perSecond == 0) {
            return "it rests for a window after each of its requests";
        }
        return kind == QuotaKind.MUTATION && !Double.isNaN(perSecond)
                ? "it may change nothing, or next to nothing"
                : "it is not held up. Take 1 for next to nothing";
    }

    /**
     * A client's request has come.
     *
     * @param beganNs the monotonic time at which this thread began with it
     * @return what it is charged to; null if nothing holds the client
     */
    public ClientCharge charge(Peer peer, RequestHeader header, long beganNs) {
        String clientId = header.clientId() == null ? "" : header.clientId();
        ClientLimits client = limits(user(peer), clientId, beganNs / NANOS_PER_MS);
        return client.isFree() ? null : new ClientCharge(this, client, header, beganNs);
    }

    private static String user(Peer peer) {
        String principal = peer.principal();
        return principal.substring(principal.indexOf(':') + 1);
    }

    private ClientLimits limits(String user, String clientId, long nowMs) {
        String knownAs = knownAs(clientId);
        Name name = new Name(user, knownAs);
        ClientLimits known = limits.get(name);
        int now = state;
        if (known != null && !known.isStale(now)) {
            return known;
        }
        ClientLimits.Held[] held = new ClientLimits.Held[bounds.length];
        for (int i = 0; i < held.length; i++) {
            QuotaBounds.Bound bound = bounds[i].isEmpty() ? null : bounds[i].of(user, clientId);
            held[i] = bound == null
                    ? null
                    : new ClientLimits.Held(bound.perSecond(), shares[i].of(bound.ofClientId(knownAs), nowMs));
        }
        if (limits.size() >= most) {
            // They are made anew at once of what is in use.
            limits.clear();
        }
        ClientLimits made = new ClientLimits(now, held);
        limits.put(name, made);
        return made;
    }

    /** {@return what is kept of a client id: clients choose theirs, and should not fill the memory with them} */
    private static String knownAs(String clientId) {
        return clientId.length() <= MOST_CLIENT_ID_CHARS
                ? clientId
                : clientId.substring(0, MOST_CLIENT_ID_CHARS) + "~" + Integer.toHexString(clientId.hashCode());
    }

    /** {@return of how many it is known what they have had, of one kind} */
    int known(QuotaKind kind) {
        return shares[kind.ordinal()].size();
    }

    QuotaSpan span() {
        return span;
    }

    long nowNs() {
        return clock.monotonicNs();
    }

    static long nowMs(Clock clock) {
        return clock.monotonicNs() / NANOS_PER_MS;
    }
}
