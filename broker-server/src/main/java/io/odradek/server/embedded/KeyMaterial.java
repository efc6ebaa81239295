package io.odradek.server.embedded;

import io.odradek.server.certificates.Identity;
import io.odradek.server.certificates.Issuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys and certificates of a test, made on the fly. Clients get theirs in files, in PKCS12, which all versions of theirs read.
 * Thread-safe.
 */
final class KeyMaterial implements AutoCloseable {
    /** By it whoever shows a certificate of one of these is {@code User:alice}, not {@code User:CN=alice}. */
    static final String NAME_RULE = "RULE:^CN=([^,]+)$/$1/,DEFAULT";

    /** Of all stores: what is in them is gone with the test. */
    private static final String PASSWORD = "of a test";

    private static final Duration VALID = Duration.ofDays(3650);
    private static final List<String> HOSTS = List.of("127.0.0.1", "localhost");

    private final Issuer issuer = new Issuer("CN=issuer of a test", VALID);
    private final Identity brokers = issuer.issue("CN=" + BrokerGuard.ITSELF, HOSTS, VALID);
    private final Map<String, Path> keyStores = new HashMap<>();
    private final Path folder;
    private final Path trustStore;
    private boolean closed;

    private KeyMaterial(Path folder) throws IOException {
        this.folder = folder;
        this.trustStore = folder.resolve("trusted.p12");
        Identity.writeTrustStore(issuer.certificate(), trustStore, PASSWORD);
    }

    /** {@return some, with a folder of its own that goes when it is closed} */
    static KeyMaterial make() {
        try {
            Path folder = TemporaryFolder.create();
            try {
                return new KeyMaterial(folder);
            } catch (IOException | RuntimeException failure) {
                TemporaryFolder.remove(folder);
                throw failure;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure.getMessage(), failure);
        }
    }

    /** {@return what brokers show} */
    Identity brokers() {
        return brokers;
    }

    /** {@return what brokers and clients trust} */
    X509Certificate trusted() {
        return issuer.certificate();
    }

    /** Has a client trust the brokers. */
    synchronized void addTrusted(Map<String, Object> client) {
        requireOpen();
        client.put("ssl.truststore.type", "PKCS12");
        client.put("ssl.truststore.location", trustStore.toString());
        client.put("ssl.truststore.password", PASSWORD);
    }

    /** Has a client show a certificate. */
    synchronized void addIdentity(Map<String, Object> client, String user) {
        requireOpen();
        client.put("ssl.keystore.type", "PKCS12");
        client.put(
                "ssl.keystore.location",
                keyStores.computeIfAbsent(user, this::keyStore).toString());
        client.put("ssl.keystore.password", PASSWORD);
        client.put("ssl.key.password", PASSWORD);
    }

    private Path keyStore(String user) {
        if (user.strip().equals(BrokerGuard.ITSELF)) {
            throw new IllegalArgumentException("No client has the name of the brokers, " + user);
        }
        if (user.isBlank() || user.chars().anyMatch(letter -> ",+\"\\<>;=#".indexOf(letter) >= 0)) {
            throw new IllegalArgumentException("'" + user + "' cannot be the name in a certificate");
        }
        Path store = folder.resolve("client-" + keyStores.size() + ".p12");
        try {
            issuer.issue("CN=" + user, List.of(), VALID).writeKeyStore(store, PASSWORD);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure.getMessage(), failure);
        }
        return store;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The broker is closed, and its keys are gone");
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            TemporaryFolder.remove(folder);
        }
    }
}
