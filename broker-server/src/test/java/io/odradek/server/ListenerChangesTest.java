package io.odradek.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.security.sasl.Mechanisms;
import io.odradek.server.certificates.Identity;
import io.odradek.server.certificates.Issuer;
import io.odradek.server.env.PlainRandoms;
import io.odradek.server.env.SystemClock;
import io.odradek.server.login.Logins;
import io.odradek.server.login.callback.OwnChecks;
import io.odradek.server.tls.ListenersTls;
import io.odradek.storage.env.Guests;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What comes of several changes of a listener, in whatever order the work is done. */
class ListenerChangesTest {
    private static final Issuer ROOT = new Issuer("CN=root", Duration.ofDays(1));
    private static final String OWN = "listener.name.own.";
    private static final String MECHANISMS = OWN + "sasl.enabled.mechanisms";

    private final Map<String, String> settings = new TreeMap<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private BrokerConfig first;
    private Logins logins;
    private ListenerChanges changes;

    @BeforeEach
    void choose() {
        settings.put("listeners", "OWN://127.0.0.1:0");
        settings.put("listener.security.protocol.map", "OWN:SASL_SSL");
        settings.put("inter.broker.listener.name", "OWN");
        settings.put(MECHANISMS, "SCRAM-SHA-256");
        settings.putAll(keys());
    }

    @AfterEach
    void end() {
        logins.close();
    }

    private static Map<String, String> keys() {
        Identity identity = ROOT.issue("CN=broker", List.of("127.0.0.1"), Duration.ofDays(1));
        return Map.of(
                OWN + "ssl.keystore.type",
                "PEM",
                OWN + "ssl.keystore.certificate.chain",
                identity.chainPem(),
                OWN + "ssl.keystore.key",
                identity.keyPem());
    }

    private void start() {
        first = BrokerConfig.of(settings);
        logins = Logins.of(first, new Guests(new SystemClock(), new PlainRandoms()));
        changes = new ListenerChanges(logins, ListenersTls.of(first), new AtomicReference<>(first), waiting::add);
    }

    private Mechanisms mechanisms() {
        return logins.mechanisms(first.listeners().listeners().get(0));
    }

    private BrokerConfig with(Map<String, String> changed) {
        return first.with(Map.of(), changed);
    }

    @Test
    void theNewestChangeHoldsInWhateverOrderTheWorkIsDone() {
        start();
        BrokerConfig second = with(Map.of(MECHANISMS, "SCRAM-SHA-512"));
        BrokerConfig third = with(Map.of(MECHANISMS, "SCRAM-SHA-512,SCRAM-SHA-256"));
        changes.take(first, second, true);
        changes.take(second, third, true);

        while (!waiting.isEmpty()) {
            waiting.removeLast().run();
        }

        assertThat(mechanisms().names()).containsExactly("SCRAM-SHA-512", "SCRAM-SHA-256");
    }

    @Test
    void otherKeysAreTakenWhereUsersOwnChecksLetIn() {
        settings.put(MECHANISMS, "PLAIN");
        settings.put(OWN + "plain.sasl.server.callback.handler.class", OwnChecks.class.getName());
        start();
        BrokerConfig otherKeys = with(keys());
        var checked = changes.check(first, otherKeys).toCompletableFuture();
        waiting.remove().run();
        checked.join();

        BrokerConfig otherLogins = with(Map.of(OWN + "plain.connections.max.reauth.ms", "7"));
        var refused = changes.check(first, otherLogins).toCompletableFuture();
        waiting.remove().run();
        assertThatThrownBy(refused::join).hasMessageContaining("are not changed while a broker runs");
    }
}
