package io.odradek.server.login;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.login.jwt.Signer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Logins of the Java client with signed tokens; run with each of its versions. */
@Timeout(120)
class KafkaClientsSignedTokensTest {
    private static final String PACKAGE = "org.apache.kafka.common.security.oauthbearer.";
    private static final String OAUTH = "sasl.oauthbearer.";
    private static final String ALLOWED = "org.apache.kafka.sasl.oauthbearer.allowed.urls";
    private static final String CLIENT = System.getProperty("kafka.clients.version", "4.4.0");
    private static final Signer ISSUER = new Signer("first");
    private static final Signer NEXT = new Signer("next");

    @TempDir
    Path folder;

    private final AtomicInteger asked = new AtomicInteger();
    private volatile String keys = Signer.publicKeys(ISSUER);
    private HttpServer server;
    private EmbeddedBroker broker;

    @BeforeEach
    void serve() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/keys", exchange -> {
            asked.incrementAndGet();
            byte[] text = keys.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        server.createContext("/token", exchange -> {
            byte[] text = ("{\"access_token\":\"" + ISSUER.sign(Signer.claims("alice")) + "\"}").getBytes(UTF_8);
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        System.clearProperty(ALLOWED);
        server.stop(0);
        if (broker != null) {
            broker.close();
        }
    }

    private String address(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private Map<String, Object> brokerWithKeysAt(String url) throws Exception {
        String prefix = "listener.name.guarded.oauthbearer.sasl.";
        broker = EmbeddedBroker.builder()
                .setting("listeners", "GUARDED://127.0.0.1:0")
                .setting("listener.security.protocol.map", "GUARDED:SASL_PLAINTEXT")
                .setting("inter.broker.listener.name", "GUARDED")
                .setting("sasl.enabled.mechanisms", "OAUTHBEARER")
                .setting(prefix + "jaas.config", PACKAGE + "OAuthBearerLoginModule required;")
                .setting(
                        prefix + "server.callback.handler.class",
                        PACKAGE + "secured.OAuthBearerValidatorCallbackHandler")
                .setting(prefix + "oauthbearer.jwks.endpoint.url", url)
                .setting(OAUTH + "expected.audience", "brokers")
                .setting(OAUTH + "expected.issuer", "https://issuer")
                .setting("odradek.oauth.jwks.unknown.key.interval.ms", "0")
                .start();
        Map<String, Object> client = new HashMap<>();
        client.put("bootstrap.servers", broker.bootstrapServers("GUARDED"));
        client.put("security.protocol", "SASL_PLAINTEXT");
        client.put("sasl.mechanism", "OAUTHBEARER");
        return client;
    }

    private static void showing(Map<String, Object> client, String token) {
        client.put("sasl.jaas.config", PACKAGE + "OAuthBearerLoginModule required token=\"" + token + "\";");
        client.put("sasl.login.callback.handler.class", SignedLogin.class.getName());
    }

    /** With the client's own way to a token, which those before 3.1 have not. */
    private static void fetching(Map<String, Object> client, String url) {
        client.put(
                "sasl.jaas.config",
                PACKAGE + "OAuthBearerLoginModule required clientId=\"shop\" clientSecret=\"secret\";");
        client.put(
                "sasl.login.callback.handler.class",
                PACKAGE + (CLIENT.startsWith("3.") ? "secured." : "") + "OAuthBearerLoginCallbackHandler");
        client.put(OAUTH + "token.endpoint.url", url);
        System.setProperty(ALLOWED, url);
    }

    private static void makesATopic(Map<String, Object> client, String name) throws Exception {
        try (Admin admin = Admin.create(client)) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
            assertThat(admin.listTopics().names().get()).contains(name);
        }
    }

    private static void isRefused(Map<String, Object> client) {
        try (Admin admin = Admin.create(client)) {
            assertThatThrownBy(() -> admin.listTopics().names().get())
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(SaslAuthenticationException.class)
                    .hasMessageContaining("{\"status\":\"invalid_token\"}");
        }
    }

    @Test
    void keysComeFromAFile() throws Exception {
        Path file = folder.resolve("keys.json");
        Files.writeString(file, keys);
        Map<String, Object> client = brokerWithKeysAt(file.toUri().toString());

        showing(client, ISSUER.sign(Signer.claims("alice")));
        makesATopic(client, "t");
        showing(client, new Signer("first").sign(Signer.claims("alice")));
        isRefused(client);

        Files.writeString(file, Signer.publicKeys(ISSUER, NEXT));
        showing(client, NEXT.sign(Signer.claims("alice")));
        makesATopic(client, "u");
    }

    @Test
    void keysComeFromAServerAndChange() throws Exception {
        Map<String, Object> client = brokerWithKeysAt(address("/keys"));

        showing(client, ISSUER.sign(Signer.claims("alice")));
        makesATopic(client, "t");
        makesATopic(client, "u");
        assertThat(asked).hasValue(1);

        showing(client, NEXT.sign(Signer.claims("alice")));
        isRefused(client);
        keys = Signer.publicKeys(NEXT);
        makesATopic(client, "v");
    }

    @Test
    void clientsFetchTheirTokensThemselves() throws Exception {
        if (CLIENT.startsWith("2.")) {
            return;
        }
        Map<String, Object> client = brokerWithKeysAt(address("/keys"));
        Path file = folder.resolve("token");
        Files.writeString(file, ISSUER.sign(Signer.claims("alice")));

        fetching(client, file.toUri().toString());
        makesATopic(client, "t");
        fetching(client, address("/token"));
        makesATopic(client, "u");
    }
}
