package io.odradek.server.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.server.env.PlainRandoms;
import io.odradek.server.env.SystemClock;
import io.odradek.storage.env.Guests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a broker does not start with is told in one line, without secrets. */
class LoginSettingsTest {
    private static final String OAUTH = "listener.name.guarded.oauthbearer.sasl.";
    private static final String MODULES = "org.apache.kafka.common.security.";
    private static final String KEYS = "oauthbearer.jwks.endpoint.url";
    private static final String HANDLER = "server.callback.handler.class";

    private final Map<String, String> settings = new TreeMap<>();

    @TempDir
    Path folder;

    @BeforeEach
    void listen() {
        settings.put("listeners", "GUARDED://127.0.0.1:0");
        settings.put("listener.security.protocol.map", "GUARDED:SASL_PLAINTEXT");
        settings.put("inter.broker.listener.name", "GUARDED");
        settings.put("sasl.enabled.mechanisms", "OAUTHBEARER");
    }

    private void start() {
        BrokerConfig config = BrokerConfig.of(settings);
        config.requireServed();
        try (Logins logins = Logins.of(config, new Guests(new SystemClock(), new PlainRandoms()))) {
            logins.require();
        }
    }

    private void isRefused(String message) {
        assertThatThrownBy(this::start).isInstanceOf(ConfigException.class).hasMessage(message);
    }

    @Test
    void signedTokensNeedNoLoginModule() {
        settings.put(OAUTH + KEYS, "https://127.0.0.1:1/keys");

        start();
    }

    @Test
    void tokensThatNobodySignsNeedOne() {
        isRefused("Mechanism OAUTHBEARER needs its users in listener.name.NAME.oauthbearer.sasl.jaas.config, such as "
                + MODULES
                + "oauthbearer.OAuthBearerLoginModule required user_alice=\"her password\";, or in the section"
                + " guarded.KafkaServer or KafkaServer of the file that -Djava.security.auth.login.config names");
    }

    @Test
    void keysThatAreNotThereStopTheStart() throws Exception {
        Path file = folder.resolve("keys.json");
        settings.put(OAUTH + KEYS, file.toUri().toString());
        isRefused("Bad value for " + OAUTH + KEYS + ": " + file + ": there is no such file");

        Files.writeString(file, "{\"secret\":true}");
        isRefused("Bad value for " + OAUTH + KEYS + ": " + file + ": it is no set of keys in JSON (RFC 7517)");

        Files.writeString(file, "{\"keys\":[]}");
        isRefused("Bad value for " + OAUTH + KEYS + ": " + file + ": it is a set of keys with no key that can be used");
    }

    @Test
    void addressesThatAreNoneAreNotShown() {
        for (String bad :
                new String[] {"keys.json", "ftp://me:secret@host/keys", "https:///keys", "file:keys", "http://a b"}) {
            settings.put(OAUTH + KEYS, bad);

            isRefused("Bad value for " + OAUTH + KEYS + ", expected the address of a file or a server, such as"
                    + " file:///etc/keys.json or https://host/keys");
        }
    }

    @Test
    void kafkasCheckOfSignedTokensNeedsKeys() {
        for (String name : new String[] {"secured.", ""}) {
            settings.put(OAUTH + HANDLER, MODULES + "oauthbearer." + name + "OAuthBearerValidatorCallbackHandler");

            isRefused("No value for sasl." + KEYS + ", expected the address of keys that tokens are signed with, as"
                    + " file:, https: or http:");
        }
    }

    @Test
    void whatIsAskedOfTokensIsNotPassedOverWhereNobodySignsThem() {
        settings.put(OAUTH + "jaas.config", MODULES + "oauthbearer.OAuthBearerLoginModule required;");
        settings.put("sasl.oauthbearer.expected.audience", "brokers");

        isRefused("sasl.oauthbearer.expected.audience is about signed tokens, and needs sasl." + KEYS
                + ", without which OAUTHBEARER takes tokens that nobody signs");
    }

    @Test
    void aCheckHasToSayWhatItChecks() {
        settings.put("sasl." + HANDLER, MODULES + "oauthbearer.OAuthBearerValidatorCallbackHandler");

        isRefused("sasl." + HANDLER + " does not say of which listener's mechanism it is; the name has to be"
                + " listener.name.NAME.MECHANISM.sasl." + HANDLER + ", in lower case");
    }

    @Test
    void storesForTheServerOfTheKeysAreChecked() {
        settings.put(OAUTH + KEYS, "https://127.0.0.1:1/keys");
        settings.put(
                OAUTH + "jaas.config",
                MODULES + "oauthbearer.OAuthBearerLoginModule required ssl.truststore.location=\"/no/such/file\""
                        + " ssl.truststore.password=\"secret\";");

        assertThatThrownBy(this::start)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("/no/such/file")
                .hasMessageNotContaining("secret");
    }

    @Test
    void kerberosIsRefusedByName() {
        settings.remove("sasl.enabled.mechanisms");

        assertThatThrownBy(this::start)
                .satisfies(refusal -> assertThat(refusal.getMessage())
                        .contains("sasl.enabled.mechanisms")
                        .contains("this broker has no GSSAPI, which holds where sasl.enabled.mechanisms is not set")
                        .contains("PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER"));
    }
}
