package io.odradek.server.net;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.Listener;
import io.odradek.core.security.sasl.Mechanisms;
import io.odradek.server.net.secure.ListenerSecurity;
import io.odradek.server.net.secure.ListenerTls;
import io.odradek.storage.env.FewLines;
import org.slf4j.LoggerFactory;

/**
 * What the connections of one listener go through before their requests are served.
 *
 * @param login how clients have to log in, null where they need not
 * @param tls how bytes are encrypted, null for not at all
 */
record ListenerGate(LoginRules login, TlsGate tls) {
    private static final int MOST_LINES = 5;
    private static final long LINES_INTERVAL_MS = 10_000;

    /** @param meters counts what comes of logins, null for nobody */
    static ListenerGate of(
            Listener listener, BrokerConfig config, ListenerSecurity security, Processors shared, LoginMeters meters) {
        Mechanisms mechanisms = security.mechanisms(listener);
        ListenerTls tls = security.tls(listener.name());
        return new ListenerGate(
                mechanisms == null
                        ? null
                        : LoginRules.of(
                                config,
                                listener.name(),
                                mechanisms,
                                shared.limits().frames(),
                                meters),
                tls == null
                        ? null
                        : new TlsGate(
                                tls,
                                mechanisms == null,
                                config.int32("connection.failed.authentication.delay.ms"),
                                lines(shared),
                                meters));
    }

    private static FewLines lines(Processors shared) {
        return new FewLines(
                LoggerFactory.getLogger(NetworkServer.class), shared.clock(), MOST_LINES, LINES_INTERVAL_MS);
    }
}
