package io.odradek.server.net;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.transport.ConnectionContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.errors.Quoted;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.FewLines;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The line of the log for a request that took long ({@code odradek.slow.request.ms}): whose it was and where its time went. Of
 * each API one in a minute, which counts those before it. What clients wait for on purpose, records to come or members to
 * join, is no slowness. Thread-safe.
 */
final class SlowRequests {
    private static final Logger LOG = LoggerFactory.getLogger(SlowRequests.class);
    private static final Set<ApiKey> MEANT_TO_WAIT = EnumSet.of(ApiKey.FETCH, ApiKey.JOIN_GROUP, ApiKey.SYNC_GROUP);
    private static final long LINES_INTERVAL_MS = 60_000;
    private static final long MS = 1_000_000;

    private final long slowNs;
    private final Map<ApiKey, FewLines> lines = new EnumMap<>(ApiKey.class);

    private SlowRequests(long slowNs, Clock clock) {
        this.slowNs = slowNs;
        for (ApiKey api : ApiKey.values()) {
            lines.put(api, new FewLines(LOG, clock, 1, LINES_INTERVAL_MS));
        }
    }

    /** {@return what looks at all requests, or null if nothing is slow} */
    static SlowRequests of(BrokerConfig config, Clock clock) {
        int slowMs = config.int32("odradek.slow.request.ms");
        return slowMs < 0 ? null : new SlowRequests(slowMs * MS, clock);
    }

    /**
     * A request has been answered.
     *
     * @param workNs how long it was worked on
     * @param waitingNs how long it was parked after that
     * @param sendingNs how long its answer waited for those before it and for its client to take it
     */
    void look(RequestHeader header, ConnectionContext connection, long workNs, long waitingNs, long sendingNs) {
        ApiKey api = ApiKey.of(header.apiKey());
        boolean onPurpose = MEANT_TO_WAIT.contains(api);
        if (workNs + sendingNs + (onPurpose ? 0 : waitingNs) < slowNs) {
            return;
        }
        lines.get(api)
                .info("Slow " + api + " version " + header.apiVersion() + " of " + who(header.clientId()) + " on "
                        + connection.id() + ": " + (workNs + waitingNs + sendingNs) / MS + " ms, of which "
                        + workNs / MS + " in work, " + waitingNs / MS
                        + (onPurpose ? " waiting as asked, " : " waiting, ")
                        + sendingNs / MS + " until the answer was sent");
    }

    private static String who(String clientId) {
        return clientId == null || clientId.isEmpty()
                ? "a client without a name"
                : "client '" + Quoted.text(clientId) + "'";
    }
}
