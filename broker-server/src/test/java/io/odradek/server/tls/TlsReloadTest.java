package io.odradek.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.certificates.Identity;
import io.odradek.server.certificates.Issuer;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.hostile.BrokerLog;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that change on the disk while a broker serves. */
@Timeout(180)
class TlsReloadTest {
    private static final Duration VALID = Duration.ofDays(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Issuer ROOT = new Issuer("CN=root", VALID);

    @TempDir
    private Path folder;

    private final BrokerLog log = new BrokerLog();
    private EmbeddedBroker broker;

    private Identity start(Map<String, String> more) throws Exception {
        Identity first = identity("CN=broker", "127.0.0.1");
        put(first);
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder()
                .setting("listeners", "OPEN://127.0.0.1:0,TLS://127.0.0.1:0")
                .setting("listener.security.protocol.map", "OPEN:PLAINTEXT,TLS:SSL")
                .setting("inter.broker.listener.name", "OPEN")
                .setting("odradek.tls.stores.check.interval.ms", "50")
                .setting("listener.name.tls.ssl.keystore.type", "PKCS12")
                .setting("listener.name.tls.ssl.keystore.location", keys().toString())
                .setting("listener.name.tls.ssl.keystore.password", "secret");
        more.forEach(builder::setting);
        broker = builder.start();
        return first;
    }

    @AfterEach
    void stop() {
        broker.close();
        log.close();
    }

    private Path keys() {
        return folder.resolve("keys.p12");
    }

    private static Identity identity(String name, String... hosts) {
        return ROOT.issue(name, List.of(hosts), VALID);
    }

    private void put(Identity identity) throws Exception {
        Path made = folder.resolve("made.p12");
        identity.writeKeyStore(made, "secret");
        Files.move(made, keys(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private BigInteger shown() throws Exception {
        try (SSLSocket socket = TlsPeer.shake(TlsPeer.address(broker, "TLS"), ROOT.certificate())) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    private static BigInteger number(Identity identity) {
        return identity.certificate().getSerialNumber();
    }

    @Test
    void areShownToWhoConnectsFromThenOn() throws Exception {
        Identity first = start(Map.of());
        assertThat(shown()).isEqualTo(number(first));
        Identity second = identity("CN=broker", "127.0.0.1", "another.example.org");
        put(second);

        await().atMost(PATIENCE).until(() -> shown().equals(number(second)));
        assertThat(log.lines("has taken up the changed files of its stores")).hasSize(1);
    }

    @Test
    void thatCannotBeUsedChangeNothingAndAreSaidOnce() throws Exception {
        Identity first = start(Map.of());
        Files.writeString(keys(), "half of a key store");
        await().atMost(PATIENCE)
                .until(() ->
                        !log.lines("goes on with the certificates that it has").isEmpty());
        assertThat(shown()).isEqualTo(number(first));

        put(identity("CN=somebody else", "127.0.0.1"));
        await().atMost(PATIENCE)
                .until(() -> !log.lines("(ssl.allow.dn.changes)").isEmpty());
        put(identity("CN=broker", "another.example.org"));
        await().atMost(PATIENCE)
                .until(() -> !log.lines("(ssl.allow.san.changes)").isEmpty());
        assertThat(shown()).isEqualTo(number(first));
        assertThat(log.lines("goes on with the certificates that it has")).hasSizeLessThanOrEqualTo(4);

        Identity good = identity("CN=broker", "127.0.0.1");
        put(good);
        await().atMost(PATIENCE).until(() -> shown().equals(number(good)));
    }

    @Test
    void mayBeOfAnotherNameWhereThatIsAllowed() throws Exception {
        start(Map.of("ssl.allow.dn.changes", "true"));
        Identity second = identity("CN=somebody else", "127.0.0.1");
        put(second);

        await().atMost(PATIENCE).until(() -> shown().equals(number(second)));
    }
}
