package io.odradek.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.server.certificates.Identity;
import io.odradek.server.certificates.Issuer;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores and settings of TLS: what is taken, and one clear line for what is not. */
class TlsSettingsTest {
    private static final Issuer ROOT = new Issuer("CN=root", Duration.ofDays(1));
    private static final Identity IDENTITY = ROOT.issue("CN=broker", List.of("localhost"), Duration.ofDays(1));

    @TempDir
    private Path folder;

    private TlsOfListener tls(Map<String, String> settings) {
        Map<String, String> given = new HashMap<>(settings);
        given.put("listeners", "SSL://localhost:0");
        given.put("security.inter.broker.protocol", "SSL");
        TlsOfListener tls = TlsOfListener.of(BrokerConfig.of(given).ofListener("SSL"));
        tls.require();
        return tls;
    }

    private String refusal(Map<String, String> settings) {
        try {
            tls(settings);
            return "taken";
        } catch (ConfigException refused) {
            assertThat(refused.getMessage()).doesNotContain("\n").doesNotContain("hunter2");
            return refused.getMessage().replace(folder.toString(), "");
        }
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private String store(String type, String storePassword, Map<String, String> keyPasswords) throws Exception {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        for (Map.Entry<String, String> key : keyPasswords.entrySet()) {
            store.setKeyEntry(
                    key.getKey(),
                    IDENTITY.key(),
                    key.getValue().toCharArray(),
                    IDENTITY.chain().toArray(X509Certificate[]::new));
        }
        Path file = folder.resolve("keys." + type);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, storePassword.toCharArray());
        }
        return file.toString();
    }

    private static String encrypted(PrivateKey key, String password, String algorithm) throws Exception {
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password.toCharArray())));
        EncryptedPrivateKeyInfo info =
                new EncryptedPrivateKeyInfo(cipher.getParameters(), cipher.doFinal(key.getEncoded()));
        return "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(info.getEncoded()) + "\n-----END ENCRYPTED PRIVATE KEY-----\n";
    }

    @Test
    void aStoreMayHaveAnotherPasswordThanItsKeyAndSeveralKeys() throws Exception {
        String jks = store("JKS", "store", Map.of("one", "mine", "two", "mine"));
        String pkcs12 = store("PKCS12", "store", Map.of("one", "store"));

        assertThat(refusal(Map.of(
                        "ssl.keystore.location", jks, "ssl.keystore.password", "store", "ssl.key.password", "mine")))
                .isEqualTo("taken");
        assertThat(refusal(Map.of(
                        "ssl.keystore.location",
                        pkcs12,
                        "ssl.keystore.type",
                        "pkcs12",
                        "ssl.keystore.password",
                        "store")))
                .isEqualTo("taken");
    }

    /** Made by {@code openssl pkcs8 -topk8 -v2 aes-256-cbc}. */
    private static final String OF_OPENSSL = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAh2eRPSJ44zIgICCAAw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEDXfc48PIamkTksWgkjRb1QEgZBa
            5LmW33haNVoJZ/5Uvz5e6VOsgH2BoENTHQO0I9baocyyFdWCI57h2+cumFhF7I9v
            K2ojaZi+AlJvhLWBjLJsPfUNUp21FUFeKcHdM0533Ice2GSVEO+tFQwspI0iEeEV
            AqVxjbTOHiicf6pNQrS3eaMge4penFaB03+Q0dpcPBizbZ0QOFTGUB+rfyHPBdc=
            -----END ENCRYPTED PRIVATE KEY-----
            """;

    @Test
    void aKeyThatOpensslHasEncryptedIsRead() throws Exception {
        assertThat(Pem.key(OF_OPENSSL, "hunter2").getAlgorithm()).isEqualTo("EC");
        assertThatThrownBy(() -> Pem.key(OF_OPENSSL, "hunter22"))
                .hasMessage("ssl.key.password is not the password of its key");
    }

    @Test
    void pemMayBeInAFileOrInlineAndItsKeyEncrypted() throws Exception {
        String key = encrypted(IDENTITY.key(), "hunter2", "PBEWithSHA1AndDESede");

        assertThat(refusal(Map.of(
                        "ssl.keystore.type", "PEM",
                        "ssl.keystore.location", file("all.pem", "Bag Attributes\n" + IDENTITY.chainPem() + key),
                        "ssl.key.password", "hunter2",
                        "ssl.truststore.type", "PEM",
                        "ssl.truststore.location", file("ca.pem", Identity.pem(ROOT.certificate())))))
                .isEqualTo("taken");
        assertThat(refusal(Map.of(
                        "ssl.keystore.type",
                        "PEM",
                        "ssl.keystore.certificate.chain",
                        IDENTITY.chainPem().replace('\n', ' '),
                        "ssl.keystore.key",
                        key,
                        "ssl.key.password",
                        "hunter2",
                        "ssl.truststore.type",
                        "PEM",
                        "ssl.truststore.certificates",
                        Identity.pem(ROOT.certificate()))))
                .isEqualTo("taken");
        assertThat(refusal(Map.of(
                        "ssl.keystore.type",
                        "PEM",
                        "ssl.keystore.certificate.chain",
                        IDENTITY.chainPem(),
                        "ssl.keystore.key",
                        key,
                        "ssl.key.password",
                        "hunter22")))
                .isEqualTo("Bad value for ssl.keystore.key: ssl.key.password is not the password of its key");
        assertThat(refusal(Map.of(
                        "ssl.keystore.type",
                        "PEM",
                        "ssl.keystore.certificate.chain",
                        IDENTITY.chainPem(),
                        "ssl.keystore.key",
                        key)))
                .isEqualTo("Bad value for ssl.keystore.key: its key is encrypted, and there is no ssl.key.password");
    }

    @Test
    void whatCannotWorkIsRefusedInOneLineWithoutAnyPassword() throws Exception {
        String jks = store("JKS", "store", Map.of("one", "mine"));
        String empty = store("PKCS12", "store", Map.of());

        assertThat(refusal(Map.of())).startsWith("No value for ssl.keystore.location, expected a key store");
        assertThat(refusal(Map.of("ssl.keystore.location", "/not/there", "ssl.keystore.password", "hunter2")))
                .isEqualTo("Bad value '/not/there' for ssl.keystore.location: there is no such file");
        assertThat(refusal(Map.of("ssl.keystore.location", jks)))
                .isEqualTo("No value for ssl.keystore.password, expected the password of ssl.keystore.location");
        assertThat(refusal(Map.of("ssl.keystore.location", jks, "ssl.keystore.password", "hunter2")))
                .isEqualTo("Bad value '/keys.JKS' for ssl.keystore.location: its password is another one");
        assertThat(refusal(Map.of("ssl.keystore.location", jks, "ssl.keystore.password", "store")))
                .contains("the password of its key is another one");
        assertThat(refusal(Map.of("ssl.keystore.location", empty, "ssl.keystore.password", "store")))
                .isEqualTo(
                        "Bad value '/keys.PKCS12' for ssl.keystore.location: it has no key, only certificates of others");
        assertThat(refusal(Map.of("ssl.keystore.location", file("junk", "junk"), "ssl.keystore.password", "hunter2")))
                .startsWith("Bad value '/junk' for ssl.keystore.location: it cannot be read as a key store");
        assertThat(refusal(Map.of("ssl.keystore.password", "hunter2")))
                .isEqualTo("ssl.keystore.password is allowed only with ssl.keystore.location");
        assertThat(refusal(Map.of("ssl.keystore.key", "hunter2", "ssl.keystore.type", "PEM")))
                .startsWith("No value for ssl.keystore.certificate.chain");
        assertThat(refusal(Map.of(
                        "ssl.keystore.key", "hunter2",
                        "ssl.keystore.certificate.chain", IDENTITY.chainPem(),
                        "ssl.keystore.type", "PEM")))
                .isEqualTo("Bad value for ssl.keystore.key: there is no BEGIN PRIVATE KEY in it");
        assertThat(refusal(Map.of(
                        "ssl.keystore.key", IDENTITY.keyPem(),
                        "ssl.keystore.certificate.chain", IDENTITY.chainPem())))
                .startsWith("Bad value for ssl.keystore.type: 'JKS', expected PEM");
    }

    @Test
    void howTlsIsSpokenIsCheckedAtTheStart() {
        for (Map.Entry<String, String> bad : Map.of(
                        "ssl.protocol", "SSLv9",
                        "ssl.enabled.protocols", "TLSv1.3,TLSv9",
                        "ssl.cipher.suites", "TLS_NULL_WITH_HOPE",
                        "ssl.provider", "Nobody",
                        "ssl.keymanager.algorithm", "None",
                        "ssl.trustmanager.algorithm", "None",
                        "ssl.principal.mapping.rules", "RULE:x")
                .entrySet()) {
            Map<String, String> settings = new HashMap<>(pem());
            settings.put(bad.getKey(), bad.getValue());
            assertThat(refusal(settings)).startsWith("Bad value for " + bad.getKey() + ": ");
        }
        assertThat(refusal(pem())).isEqualTo("taken");
    }

    private static Map<String, String> pem() {
        return Map.of(
                "ssl.keystore.type", "PEM",
                "ssl.keystore.certificate.chain", IDENTITY.chainPem(),
                "ssl.keystore.key", IDENTITY.keyPem());
    }

    @Test
    void theSettingsOfTheListenerAreStronger() {
        Map<String, String> settings = new HashMap<>(pem());
        settings.put("ssl.enabled.protocols", "TLSv1.2,TLSv1.3");
        settings.put("listener.name.ssl.ssl.enabled.protocols", "TLSv1.3");
        settings.put("listener.name.ssl.ssl.client.auth", "required");

        assertThat(tls(settings).engine().getEnabledProtocols()).containsExactly("TLSv1.3");
        assertThat(tls(settings).engine().getNeedClientAuth()).isTrue();
    }

    @Test
    void aKeyInAnOldFormIsToldHowItBecomesANewOne() {
        assertThatThrownBy(() -> Pem.key("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----", null))
                .hasMessageContaining("openssl pkcs8 -topk8");
    }

    @Test
    void aClientIsWhoItsCertificateSaysAsTheRulesOfTheListenerReadIt() throws Exception {
        Map<String, String> settings = new HashMap<>(pem());
        assertThat(tls(settings).principal(sessionOf("O=x, OU=users, CN=Alice")))
                .isEqualTo("User:O=x,OU=users,CN=Alice");

        settings.put("listener.name.ssl.ssl.principal.mapping.rules", "RULE:^.*CN=(.*)$/$1/L");
        assertThat(tls(settings).principal(sessionOf("O=x, OU=users, CN=Alice")))
                .isEqualTo("User:alice");
        assertThat(tls(settings).principal(sessionOf(null))).isNull();
        assertThatThrownBy(() -> tls(settings).principal(sessionOf("O=nobody")))
                .isInstanceOf(SSLException.class)
                .hasMessage("no rule of ssl.principal.mapping.rules applies to O=nobody");
    }

    /** What a session says of a client. @param name null for one that has shown no certificate */
    private static SSLSession sessionOf(String name) {
        return (SSLSession) Proxy.newProxyInstance(
                TlsSettingsTest.class.getClassLoader(), new Class<?>[] {SSLSession.class}, (proxy, method, args) -> {
                    if (name == null) {
                        throw new SSLPeerUnverifiedException("none");
                    }
                    return new X500Principal(name);
                });
    }
}
