package io.odradek.server.login;

import io.odradek.server.certificates.Identity;
import io.odradek.server.certificates.Issuer;
import io.odradek.server.embedded.UnsecuredTokenLogin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Listeners of each protocol with each mechanism, and what clients need to come by each: all of it in files of a folder. */
public final class FiveListeners {
    public static final String USER = "alice";
    public static final String PASSWORD = "alice's secret";

    private static final String MODULES = "org.apache.kafka.common.security.";
    private static final String STORE_PASSWORD = "of a test";
    private static final Duration VALID = Duration.ofDays(1);

    private final Issuer root = new Issuer("CN=root", VALID);
    private final Identity broker = root.issue("CN=broker", List.of("127.0.0.1", "localhost"), VALID);
    private final Path folder;

    public FiveListeners(Path folder) throws IOException {
        this.folder = folder;
        Identity client = root.issue("CN=" + USER, List.of(), VALID);
        Identity.writeTrustStore(root.certificate(), folder.resolve("trusted.p12"), STORE_PASSWORD);
        client.writeKeyStore(folder.resolve("client.p12"), STORE_PASSWORD);
        Files.writeString(trustedPem(), Identity.pem(root.certificate()));
        Files.writeString(certificatePem(), client.chainPem());
        Files.writeString(keyPem(), client.keyPem());
    }

    /** {@return whom clients trust, in PEM} */
    public Path trustedPem() {
        return folder.resolve("trusted.pem");
    }

    /** {@return what a client shows, in PEM} */
    public Path certificatePem() {
        return folder.resolve("client.pem");
    }

    /** {@return a client's key, in PEM} */
    public Path keyPem() {
        return folder.resolve("client.key");
    }

    /** {@return the settings of brokers, which talk over TLS and log in with each other} */
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:0,SSL://127.0.0.1:0,MUTUAL://127.0.0.1:0,SASL_PLAINTEXT://127.0.0.1:0,SASL_SSL://127.0.0.1:0");
        settings.put(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,SSL:SSL,MUTUAL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL");
        settings.put("inter.broker.listener.name", "SASL_SSL");
        settings.put("ssl.keystore.type", "PEM");
        settings.put("ssl.keystore.certificate.chain", broker.chainPem());
        settings.put("ssl.keystore.key", broker.keyPem());
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.certificates", Identity.pem(root.certificate()));
        settings.put("listener.name.mutual.ssl.client.auth", "required");
        settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER");
        settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
        for (String listener : List.of("sasl_plaintext", "sasl_ssl")) {
            settings.put(
                    "listener.name." + listener + ".plain.sasl.jaas.config",
                    MODULES + "plain.PlainLoginModule required username=\"broker\" password=\"among brokers\""
                            + " user_broker=\"among brokers\" user_" + USER + "=\"" + PASSWORD + "\";");
            settings.put(
                    "listener.name." + listener + ".oauthbearer.sasl.jaas.config",
                    MODULES + "oauthbearer.OAuthBearerLoginModule required;");
        }
        return settings;
    }

    /** {@return what a client of kafka-clients comes in with, besides its bootstrap servers} */
    public Map<String, Object> client(WayIn way, String password) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("security.protocol", way.protocol());
        if (way.isEncrypted()) {
            settings.put("ssl.truststore.type", "PKCS12");
            settings.put(
                    "ssl.truststore.location", folder.resolve("trusted.p12").toString());
            settings.put("ssl.truststore.password", STORE_PASSWORD);
        }
        if (way.isMutual()) {
            settings.put("ssl.keystore.type", "PKCS12");
            settings.put("ssl.keystore.location", folder.resolve("client.p12").toString());
            settings.put("ssl.keystore.password", STORE_PASSWORD);
            settings.put("ssl.key.password", STORE_PASSWORD);
        }
        if (way.mechanism() != null) {
            settings.put("sasl.mechanism", way.mechanism());
            settings.put("sasl.jaas.config", module(way.mechanism(), password));
            if (way.mechanism().equals("OAUTHBEARER")) {
                settings.put("sasl.login.callback.handler.class", UnsecuredTokenLogin.class.getName());
            }
        }
        return settings;
    }

    private static String module(String mechanism, String password) {
        String credentials = " required username=\"" + USER + "\" password=\"" + password + "\";";
        return MODULES
                + switch (mechanism) {
                    case "PLAIN" -> "plain.PlainLoginModule" + credentials;
                    case "OAUTHBEARER" ->
                        "oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub=\"" + USER + "\";";
                    default -> "scram.ScramLoginModule" + credentials;
                };
    }
}
