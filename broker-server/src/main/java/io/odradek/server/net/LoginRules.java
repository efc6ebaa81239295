package io.odradek.server.net;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ListenerSettings;
import io.odradek.core.security.sasl.Mechanisms;
import io.odradek.server.net.frame.FrameBounds;

/**
 * How one logs in at a listener.
 *
 * @param mechanisms by which
 * @param frames how long a request of a stranger may be
 * @param withinMs how long it may take
 * @param failureDelayMs how long a login that has failed waits for its answer, so that guessing takes time
 * @param meters counts what comes of it, null for nobody
 */
record LoginRules(Mechanisms mechanisms, FrameBounds frames, long withinMs, int failureDelayMs, LoginMeters meters) {
    private static final String LONGEST = "sasl.server.max.receive.size";

    static LoginRules of(
            BrokerConfig config, String listener, Mechanisms mechanisms, FrameBounds ofAll, LoginMeters meters) {
        ListenerSettings settings = config.ofListener(listener);
        int longest = Math.min(settings.int32(LONGEST), ofAll.mostBytes());
        return new LoginRules(
                mechanisms,
                new FrameBounds(longest, LONGEST, longest, ofAll.partial()),
                config.int64("odradek.authentication.timeout.ms"),
                config.int32("connection.failed.authentication.delay.ms"),
                meters);
    }
}
