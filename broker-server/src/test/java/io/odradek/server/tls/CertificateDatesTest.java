package io.odradek.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ListenerSettings;
import io.odradek.server.certificates.Identity;
import io.odradek.server.certificates.Issuer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of a broker that are over, or soon will be, are told of with their date and place. */
class CertificateDatesTest {
    @TempDir
    private Path folder;

    private static List<String> warnings(Map<String, String> settings) {
        ListenerSettings ofListener = BrokerConfig.of(settings).ofListener("OUTER");
        return CertificateDates.warnings(new TlsStores(ofListener).keys(), ofListener, Instant.now());
    }

    private static Identity identity(Duration issuers, Duration own) {
        return new Issuer("CN=root", issuers).issue("CN=broker", List.of("localhost"), own);
    }

    private Map<String, String> inFile(Identity identity) throws Exception {
        identity.writeKeyStore(folder.resolve("keys.p12"), "secret");
        return Map.of(
                "listener.name.outer.ssl.keystore.location",
                        folder.resolve("keys.p12").toString(),
                "ssl.keystore.password", "secret",
                "ssl.keystore.type", "PKCS12");
    }

    private static Instant end(Identity identity) {
        return identity.certificate().getNotAfter().toInstant();
    }

    @Test
    void whatIsValidForLongIsNoWarning() throws Exception {
        assertThat(warnings(inFile(identity(Duration.ofDays(40), Duration.ofDays(31)))))
                .isEmpty();
    }

    @Test
    void whatIsOverOrSoonWillBeIsOne() throws Exception {
        Identity over = identity(Duration.ofDays(40), Duration.ofDays(-1));
        Identity soon = identity(Duration.ofDays(40), Duration.ofDays(29));
        String place = folder.resolve("keys.p12") + " (listener.name.outer.ssl.keystore.location)";

        assertThat(warnings(inFile(over)))
                .containsExactly("Listener outer: the certificate of CN=broker in " + place + " has been over since "
                        + end(over) + ": who checks it does not connect");
        assertThat(warnings(inFile(soon)))
                .containsExactly("Listener outer: the certificate of CN=broker in " + place + " is valid only until "
                        + end(soon));
    }

    @Test
    void thoseOfIssuersAndOfSettingsAreToldOfToo() {
        Identity identity = identity(Duration.ofDays(3), Duration.ofDays(40));

        assertThat(warnings(Map.of(
                        "ssl.keystore.key", identity.keyPem(),
                        "ssl.keystore.certificate.chain", identity.chainPem(),
                        "ssl.keystore.type", "PEM")))
                .containsExactly("Listener outer: the certificate of CN=root in ssl.keystore.key is valid only until "
                        + identity.chain().get(1).getNotAfter().toInstant());
    }
}
