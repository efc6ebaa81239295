package io.odradek.server.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.SaslAuthenticateRequest;
import io.odradek.protocol.api.SaslAuthenticateResponse;
import io.odradek.protocol.api.SaslHandshakeRequest;
import io.odradek.protocol.api.SaslHandshakeResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.certificates.Identity;
import io.odradek.server.certificates.Issuer;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.env.SystemClock;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What came of logins and handshakes, under Kafka's names. */
@Timeout(60)
class LoginsShownTest {
    private static final Issuer ROOT = new Issuer("CN=root", Duration.ofDays(400));
    private static final Identity IDENTITY = ROOT.issue("CN=broker", List.of("127.0.0.1"), Duration.ofDays(400));

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final BrokerRegistry registry = new BrokerRegistry(new SystemClock());
    private final KafkaBeans beans = new KafkaBeans(registry);
    private EmbeddedBroker broker;

    @BeforeEach
    void start() throws IOException {
        start(3_600_000);
    }

    private void start(int loginLastsMs) throws IOException {
        broker = EmbeddedBroker.builder()
                .meters(MicrometerMeters.of(registry))
                .setting("listeners", "GUARDED://127.0.0.1:0,SHUT://127.0.0.1:0")
                .setting("listener.security.protocol.map", "GUARDED:SASL_PLAINTEXT,SHUT:SSL")
                .setting("inter.broker.listener.name", "GUARDED")
                .setting("num.network.threads", "1")
                .setting("sasl.enabled.mechanisms", "PLAIN")
                .setting("connections.max.reauth.ms", Integer.toString(loginLastsMs))
                .setting("ssl.keystore.type", "PEM")
                .setting("ssl.keystore.key", IDENTITY.keyPem())
                .setting("ssl.keystore.certificate.chain", IDENTITY.chainPem())
                .setting(
                        "listener.name.guarded.plain.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required user_alice=secret;")
                .start();
    }

    @AfterEach
    void stop() {
        beans.close();
        broker.close();
        registry.close();
    }

    private double shown(String listener, String attribute) throws Exception {
        beans.look();
        try {
            return (double) server.getAttribute(
                    new ObjectName(
                            "kafka.server:type=socket-server-metrics,listener=" + listener + ",networkProcessor=0"),
                    attribute);
        } catch (AttributeNotFoundException notThere) {
            throw new AssertionError("no " + attribute, notThere);
        }
    }

    private InetSocketAddress address(String listener) {
        String[] address = broker.bootstrapServers(listener).split(":");
        return new InetSocketAddress(address[0], Integer.parseInt(address[1]));
    }

    private static ErrorCode logIn(RawClient client, String password) throws IOException {
        ErrorCode tooSoon = ErrorCode.ILLEGAL_SASL_STATE;
        while (tooSoon == ErrorCode.ILLEGAL_SASL_STATE) {
            tooSoon = client.ask(new SaslHandshakeRequest("PLAIN"), 1, SaslHandshakeResponse.class)
                    .errorCode();
        }
        byte[] token = ("\0alice\0" + password).getBytes(UTF_8);
        return client.ask(new SaslAuthenticateRequest(ByteBuffer.wrap(token)), 2, SaslAuthenticateResponse.class)
                .errorCode();
    }

    @Test
    void loginsAreCountedByWhatCameOfThem() throws Exception {
        try (RawClient client = new RawClient(address("GUARDED"));
                RawClient stranger = new RawClient(address("GUARDED"))) {
            assertThat(logIn(client, "secret")).isEqualTo(ErrorCode.NONE);
            assertThat(logIn(client, "secret")).isEqualTo(ErrorCode.NONE);
            assertThat(logIn(stranger, "guessed")).isEqualTo(ErrorCode.SASL_AUTHENTICATION_FAILED);

            assertThat(shown("GUARDED", "successful-authentication-total")).isEqualTo(1);
            assertThat(shown("GUARDED", "successful-reauthentication-total")).isEqualTo(1);
            assertThat(shown("GUARDED", "failed-authentication-total")).isEqualTo(1);
            assertThat(shown("GUARDED", "failed-reauthentication-total")).isZero();
            assertThat(logIn(client, "guessed")).isEqualTo(ErrorCode.SASL_AUTHENTICATION_FAILED);
            assertThat(shown("GUARDED", "failed-reauthentication-total")).isEqualTo(1);
            assertThat(shown("GUARDED", "failed-authentication-total")).isEqualTo(1);
            assertThat(shown("GUARDED", "successful-authentication-rate")).isBetween(0.01, 0.04);
        }
    }

    @Test
    void whoIsNotHeardIsCounted() throws Exception {
        try (RawClient stranger = new RawClient(address("GUARDED"))) {
            stranger.send(new ListGroupsRequest(List.of(), List.of()), (short) 4, 1);
            assertThat(stranger.isClosedByPeer()).isTrue();
        }
        assertThat(shown("GUARDED", "failed-authentication-total")).isEqualTo(1);
        broker.close();
        start(50);
        try (RawClient late = new RawClient(address("GUARDED"))) {
            assertThat(logIn(late, "secret")).isEqualTo(ErrorCode.NONE);
            while (shown("GUARDED", "expired-connections-killed-count") == 0) {
                sendIfItIsThere(late);
            }
        }
        assertThat(shown("GUARDED", "failed-reauthentication-total")).isZero();
    }

    private static void sendIfItIsThere(RawClient client) {
        try {
            client.send(new ListGroupsRequest(List.of(), List.of()), (short) 4, 1);
        } catch (IOException closed) {
            // As it is to be.
        }
    }

    @Test
    void handshakesAreCountedWhereNobodyLogsInAfterThem() throws Exception {
        try (SSLSocket trusting = (SSLSocket) trusting().getSocketFactory().createSocket()) {
            trusting.connect(address("SHUT"));
            trusting.startHandshake();
        }
        try (Socket plain = new Socket()) {
            plain.connect(address("SHUT"));
            plain.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));

            await().until(() -> shown("SHUT", "failed-authentication-total") == 1);
        }
        assertThat(shown("SHUT", "successful-authentication-total")).isEqualTo(1);
        assertThat(shown("GUARDED", "successful-authentication-total")).isZero();
    }

    private static SSLContext trusting() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("root", ROOT.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
