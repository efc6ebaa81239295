package io.odradek.server.login.callback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.core.config.ConfigException;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.SaslAuthenticateRequest;
import io.odradek.protocol.api.SaslAuthenticateResponse;
import io.odradek.protocol.api.SaslHandshakeRequest;
import io.odradek.protocol.api.SaslHandshakeResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.login.SignedLogin;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks of logins that users have written for Kafka. */
@Timeout(120)
class UserHandlersTest {
    private static final String PREFIX = "listener.name.guarded.";
    private static final String HANDLER = ".sasl.server.callback.handler.class";
    private static final String MODULES = "org.apache.kafka.common.security.";

    private final Map<String, String> settings = new TreeMap<>();
    private EmbeddedBroker broker;

    @BeforeEach
    void choose() {
        settings.put("listeners", "GUARDED://127.0.0.1:0");
        settings.put("listener.security.protocol.map", "GUARDED:SASL_PLAINTEXT");
        settings.put("inter.broker.listener.name", "GUARDED");
        settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER");
        for (String mechanism : new String[] {"plain", "scram-sha-256", "scram-sha-512", "oauthbearer"}) {
            settings.put(PREFIX + mechanism + HANDLER, OwnChecks.class.getName());
        }
        OwnChecks.waiting = new CountDownLatch(1);
        OwnChecks.WAIT.set(0);
        OwnChecks.CLOSED.set(0);
    }

    @AfterEach
    void stop() {
        OwnChecks.waiting.countDown();
        if (broker != null) {
            broker.close();
        }
    }

    private void start() throws IOException {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
        settings.forEach(builder::setting);
        broker = builder.start();
    }

    private Object names(String mechanism, String user, String password) throws Exception {
        Map<String, Object> client = new HashMap<>();
        client.put("bootstrap.servers", broker.bootstrapServers("GUARDED"));
        client.put("security.protocol", "SASL_PLAINTEXT");
        client.put("sasl.mechanism", mechanism);
        String module = switch (mechanism) {
            case "PLAIN" -> "plain.PlainLoginModule";
            case "OAUTHBEARER" -> "oauthbearer.OAuthBearerLoginModule";
            default -> "scram.ScramLoginModule";
        };
        client.put(
                "sasl.jaas.config",
                MODULES + module + " required username=\"" + user + "\" password=\"" + password + "\" token=\""
                        + password + "\";");
        if (mechanism.equals("OAUTHBEARER")) {
            client.put("sasl.login.callback.handler.class", SignedLogin.class.getName());
        }
        try (Admin admin = Admin.create(client)) {
            return admin.listTopics().names().get();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
    void passwordsAreCheckedByTheUsersOwn(String mechanism) throws Exception {
        start();

        assertThat(names(mechanism, "alice", "alice")).isNotNull();
        for (String user : new String[] {"bob", "errs", "stranger"}) {
            assertThatThrownBy(() -> names(mechanism, user, "guessed"))
                    .cause()
                    .isInstanceOf(SaslAuthenticationException.class);
        }
        assertThatThrownBy(() -> names(mechanism, "fails", "fails"))
                .cause()
                .isInstanceOf(SaslAuthenticationException.class)
                .hasMessage(
                        mechanism.equals("PLAIN")
                                ? "Authentication failed: credentials for user could not be verified"
                                : "Authentication failed during authentication due to invalid credentials with SASL"
                                        + " mechanism " + mechanism);
    }

    @Test
    void tokensAreCheckedByTheUsersOwn() throws Exception {
        start();

        assertThat(names("OAUTHBEARER", "", "token-of-alice")).isNotNull();
        assertThatThrownBy(() -> names("OAUTHBEARER", "", "something"))
                .cause()
                .isInstanceOf(SaslAuthenticationException.class)
                .hasMessageContaining("{\"status\":\"insufficient_scope\",\"scope\":\"brokers\","
                        + "\"openid-configuration\":\"https://issuer\"}");
    }

    @Test
    void aTokenThatNamesNobodyLetsNobodyIn() throws Exception {
        start();

        for (String token : new String[] {"token-of-nobody", "token-of-"}) {
            assertThatThrownBy(() -> names("OAUTHBEARER", "", token))
                    .cause()
                    .isInstanceOf(SaslAuthenticationException.class)
                    .hasMessageContaining("invalid_token");
        }
    }

    @Test
    void whoIsAskedIsConfiguredAsByKafka() throws Exception {
        settings.put(PREFIX + "plain.sasl.jaas.config", MODULES + "plain.PlainLoginModule required realm=\"here\";");
        settings.put("directory.url", "ldap://all");
        settings.put(PREFIX + "directory.url", "ldap://one");
        settings.put("ssl.truststore.password", "secret");
        settings.put(PREFIX + "connections.max.reauth.ms", "77");
        settings.put(PREFIX + "oauthbearer.sasl.jaas.config", MODULES + "A required password=\"another secret\";");
        start();

        Map<String, ?> told = OwnChecks.CONFIGURED.get("PLAIN");
        assertThat(told.get("directory.url")).isEqualTo("ldap://one");
        assertThat(told.get("connections.max.reauth.ms")).isEqualTo(77L);
        assertThat(told.get("ssl.truststore.password")).isEqualTo(new Password("secret"));
        assertThat(told.toString()).doesNotContain("secret\"");
        assertThat(told.get("oauthbearer.sasl.jaas.config")).isInstanceOf(Password.class);
        assertThat(OwnChecks.MODULES.get("PLAIN").get(0).getOptions().get("realm"))
                .isEqualTo("here");
        broker.close();
        assertThat(OwnChecks.CLOSED).hasValue(4);
    }

    private RawClient plain(String user) throws IOException {
        String[] address = broker.bootstrapServers("GUARDED").split(":");
        RawClient client = new RawClient(new InetSocketAddress(address[0], Integer.parseInt(address[1])));
        client.ask(new SaslHandshakeRequest("PLAIN"), 1, SaslHandshakeResponse.class);
        byte[] token = ("\0" + user + "\0" + user).getBytes(UTF_8);
        client.send(new SaslAuthenticateRequest(ByteBuffer.wrap(token)), (short) 2, 1);
        return client;
    }

    private static ErrorCode answer(RawClient client) throws IOException {
        return client.answer(ApiKey.SASL_AUTHENTICATE, 2, 1, SaslAuthenticateResponse.class)
                .errorCode();
    }

    @Test
    void whoIsSlowHoldsUpNobodyElseThanThoseWhoWaitForIt() throws Exception {
        settings.put("odradek.login.threads", "2");
        start();
        try (RawClient slow = plain("waits")) {
            await().until(() -> OwnChecks.WAIT.get() == 1);
            try (RawClient other = plain("alice")) {
                assertThat(answer(other)).isEqualTo(ErrorCode.NONE);
            }
            OwnChecks.waiting.countDown();
            assertThat(answer(slow)).isEqualTo(ErrorCode.NONE);
        }
    }

    @Test
    void thoseWhoWaitAreNotWithoutEnd() throws Exception {
        settings.put("odradek.login.threads", "1");
        settings.put("odradek.login.max.waiting", "1");
        start();
        try (RawClient slow = plain("waits")) {
            await().until(() -> OwnChecks.WAIT.get() == 1);
            try (RawClient waiting = plain("alice");
                    RawClient tooMany = plain("alice")) {
                RawClient refused = tooMany;
                assertThat(answer(refused)).isEqualTo(ErrorCode.SASL_AUTHENTICATION_FAILED);
                OwnChecks.waiting.countDown();
                assertThat(answer(waiting)).isEqualTo(ErrorCode.NONE);
            }
            assertThat(answer(slow)).isEqualTo(ErrorCode.NONE);
        }
    }

    @Test
    void aBrokerEndsThoughSomebodyIsStillAsked() throws Exception {
        start();
        try (RawClient slow = plain("waits")) {
            await().until(() -> OwnChecks.WAIT.get() == 1);

            broker.close();

            assertThat(slow.isClosedByPeer()).isTrue();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("odradek-login"));
    }

    @Test
    void aCheckThatCannotBeHadStopsTheStart() {
        isRefused("org.example.None", "There is no class org.example.None on the class path, which is to check logins");
        isRefused(
                "java.lang.String",
                "java.lang.String is no org.apache.kafka.common.security.auth.AuthenticateCallbackHandler, which checks of"
                        + " logins are");
        isRefused(
                "org.apache.kafka.common.security.auth.AuthenticateCallbackHandler",
                "org.apache.kafka.common.security.auth.AuthenticateCallbackHandler cannot be made: "
                        + "java.lang.NoSuchMethodException: org.apache.kafka.common.security.auth.AuthenticateCallbackHandler.<init>()");
        isRefused(
                Unfit.class.getName(),
                Unfit.class.getName() + " cannot be made: java.lang.IllegalStateException: no library");
        settings.put("refuse.me", "1");
        isRefused(
                OwnChecks.class.getName(),
                OwnChecks.class.getName()
                        + " does not take its settings: java.lang.IllegalArgumentException: I do not like\\u000arefuse.me");
    }

    /** Not even its class can be made. */
    static final class Unfit extends OwnChecks {
        static {
            fail();
        }

        private static void fail() {
            throw new IllegalStateException("no library");
        }
    }

    private void isRefused(String handler, String why) {
        settings.put(PREFIX + "plain" + HANDLER, handler);
        assertThatThrownBy(this::start)
                .isInstanceOf(ConfigException.class)
                .hasMessage("Bad value for " + PREFIX + "plain" + HANDLER + ": " + why);
    }
}
