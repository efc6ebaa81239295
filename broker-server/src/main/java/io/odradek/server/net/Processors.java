package io.odradek.server.net;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.memory.MemoryAccount;
import io.odradek.server.net.frame.FrameMemory;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.FewLines;
import io.odradek.storage.env.Guests;
import org.slf4j.LoggerFactory;

/**
 * What all connections of a front end share.
 *
 * @param limits its bounds
 * @param permits requests in work
 * @param memory what connections hold
 * @param receiver where requests go
 * @param meters what is counted of requests; null for nothing
 * @param clock its time
 * @param log its lines about peers
 */
record Processors(
        NetworkLimits limits,
        RequestPermits permits,
        FrontEndMemory memory,
        RequestReceiver receiver,
        RequestMeters meters,
        Clock clock,
        FewLines log) {
    private static final int MOST_LINES = 20;
    private static final long LINES_INTERVAL_MS = 1_000;

    static Processors of(BrokerConfig config, MemoryAccount account, Guests guests, RequestReceiver receiver) {
        NetworkLimits limits = NetworkLimits.of(config, account);
        FrontEndMemory memory = new FrontEndMemory(
                new FrameMemory(account.frames()),
                new StalledMemory(limits.frames().partial()),
                new ParkedRequests(account.requests().limitBytes() / 2),
                new StalledMemory(account.answers()));
        return new Processors(
                limits,
                new RequestPermits(limits.mostRequests(), limits.mostRequestBytes(), account.requests()),
                memory,
                receiver,
                RequestMeters.of(guests.meters(), guests.clock(), config),
                guests.clock(),
                new FewLines(
                        LoggerFactory.getLogger(NetworkServer.class), guests.clock(), MOST_LINES, LINES_INTERVAL_MS));
    }
}
