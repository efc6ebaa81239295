package io.odradek.server.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IssuerTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final Issuer issuer = new Issuer("CN=root,O=tests", DAY);

    @TempDir
    private Path folder;

    private void validate(X509Certificate certificate, X509Certificate trusted) throws Exception {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(trusted, null)));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)), parameters);
    }

    @Test
    void whatItIssuesIsValidForWhoTrustsItAndForNobodyElse() throws Exception {
        Identity broker = issuer.issue("CN=broker 1,OU=a\\,b", List.of("localhost", "127.0.0.1", "::1"), DAY);

        validate(broker.certificate(), issuer.certificate());
        assertThat(broker.certificate().getSubjectX500Principal().getName()).isEqualTo("CN=broker 1,OU=a\\,b");
        assertThat(broker.certificate().getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(
                        List.of(2, "localhost"), List.of(7, "127.0.0.1"), List.of(7, "0:0:0:0:0:0:0:1"));
        assertThatThrownBy(() -> validate(broker.certificate(), new Issuer("CN=root,O=tests", DAY).certificate()))
                .isInstanceOf(CertPathValidatorException.class);
    }

    @Test
    void aCertificateThatIsOverIsRefused() {
        Identity old = issuer.issue("CN=old", List.of(), DAY.negated());

        assertThatThrownBy(() -> validate(old.certificate(), issuer.certificate()))
                .hasCauseInstanceOf(CertificateExpiredException.class);
    }

    @Test
    void oneThatOutlivesThisHalfOfTheCenturyHasItsYearInFourDigits() throws Exception {
        Issuer lasting = new Issuer("CN=lasting", Duration.ofDays(365 * 60));

        assertThat(lasting.certificate().getNotAfter().toInstant().toString()).startsWith("208");
        validate(lasting.issue("CN=x", List.of(), DAY).certificate(), lasting.certificate());
    }

    @Test
    void aKeyIsShownByNobodysToString() {
        Identity identity = issuer.issue("CN=x", List.of(), DAY);

        assertThat(identity.toString()).isEqualTo("Identity of CN=x");
        assertThat(identity.keyPem())
                .startsWith("-----BEGIN PRIVATE KEY-----\n")
                .endsWith("-----END PRIVATE KEY-----\n");
        assertThat(identity.chainPem().split("BEGIN CERTIFICATE")).hasSize(3);
    }

    @Test
    void itsStoresServeATlsConnectionThatChecksNames() throws Exception {
        issuer.issue("CN=broker", List.of("127.0.0.1"), DAY).writeKeyStore(folder.resolve("keys.p12"), "secret");
        Identity.writeTrustStore(issuer.certificate(), folder.resolve("trust.p12"), "secret");

        assertThat(shakeHands("127.0.0.1")).isEqualTo("CN=broker");
        assertThatThrownBy(() -> shakeHands("example.org")).isInstanceOf(SSLHandshakeException.class);
    }

    /** {@return whom the server's certificate names} */
    private String shakeHands(String expectedHost) throws Exception {
        SSLContext context = context();
        try (SSLServerSocket server =
                (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0)) {
            Thread serving = new Thread(() -> {
                try (SSLSocket accepted = (SSLSocket) server.accept()) {
                    accepted.startHandshake();
                } catch (java.io.IOException refusedByTheOther) {
                    assertThat(refusedByTheOther).isNotNull();
                }
            });
            serving.start();
            try (java.net.Socket plain = new java.net.Socket("127.0.0.1", server.getLocalPort());
                    SSLSocket client = (SSLSocket)
                            context.getSocketFactory().createSocket(plain, expectedHost, server.getLocalPort(), true)) {
                SSLParameters checked = client.getSSLParameters();
                checked.setEndpointIdentificationAlgorithm("HTTPS");
                client.setSSLParameters(checked);
                client.startHandshake();
                return ((X509Certificate) client.getSession().getPeerCertificates()[0])
                        .getSubjectX500Principal()
                        .getName();
            } finally {
                serving.join(TimeUnit.SECONDS.toMillis(30));
            }
        }
    }

    private SSLContext context() throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store("keys.p12"), "secret".toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store("trust.p12"));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private KeyStore store(String name) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve(name))) {
            store.load(in, "secret".toCharArray());
        }
        return store;
    }
}
