package io.odradek.server.strangers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.OpenedBroker;
import io.odradek.server.certificates.Identity;
import io.odradek.server.certificates.Issuer;
import io.odradek.server.login.ScramPasswords;
import io.odradek.server.storm.Held;
import io.odradek.server.storm.StormLog;
import io.odradek.storage.io.NioLogFileSystem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Strangers at listeners of every kind, with sound frames and broken ones, before, in and after a login, and with bytes that are
 * none of TLS: nobody comes in who should not, nothing is answered that should not be, somebody who is known comes in all the
 * while, and nothing of it all is left.
 *
 * <p>{@code -Dstrangers.frames=10000000} sends so many frames, {@code -Dseed} has the strangers choose again what they chose.
 */
@DisabledIfSystemProperty(named = "kafka.clients.version", matches = ".*", disabledReason = "one crowd is enough")
class StrangersTest {
    private static final int STRANGERS = 6;
    private static final long SEEDS_APART = 0x9e3779b97f4a7c15L;
    private static final long MOST_HEAP_LEFT_BYTES = 32 << 20;
    private static final long CALM_WITHIN_SECONDS = 60;
    private static final String MODULES = "org.apache.kafka.common.security.";
    private static final Duration VALID = Duration.ofDays(1);
    private static final Issuer ROOT = new Issuer("CN=root", VALID);

    @TempDir
    Path folder;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final AtomicLong left = new AtomicLong(Long.getLong("strangers.frames", 60_000));
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    private Map<String, String> settings() {
        Identity identity = ROOT.issue("CN=broker", List.of("127.0.0.1"), VALID);
        Map<String, String> settings = new TreeMap<>();
        settings.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:0,SSL://127.0.0.1:0,SASL_PLAINTEXT://127.0.0.1:0,SASL_SSL://127.0.0.1:0");
        settings.put("log.dirs", folder.toString());
        settings.put("num.network.threads", "2");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("ssl.keystore.type", "PEM");
        settings.put("ssl.keystore.key", identity.keyPem());
        settings.put("ssl.keystore.certificate.chain", identity.chainPem());
        settings.put("sasl.enabled.mechanisms", String.join(",", Credentials.MECHANISMS));
        settings.put("connection.failed.authentication.delay.ms", "1");
        for (String listener : List.of("sasl_plaintext", "sasl_ssl")) {
            settings.put(
                    "listener.name." + listener + ".plain.sasl.jaas.config",
                    MODULES + "plain.PlainLoginModule required user_" + Credentials.USER + "=\"" + Credentials.PASSWORD
                            + "\";");
            settings.put(
                    "listener.name." + listener + ".oauthbearer.sasl.jaas.config",
                    MODULES + "oauthbearer.OAuthBearerLoginModule required;");
        }
        return settings;
    }

    private static SSLContext trusting() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("root", ROOT.certificate());
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    @Test
    void nobodyComesInWhoShouldNotAndNothingOfThemIsLeft() throws Exception {
        System.out.println("Strangers: they say the same again with -Dseed=" + seed);
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, death) -> faults.add(thread.getName() + " died of " + death));
        try (StormLog log = new StormLog();
                OpenedBroker broker = OpenedBroker.start(settings(), new NioLogFileSystem())) {
            InetSocketAddress open = broker.address("PLAINTEXT");
            ScramPasswords.set("127.0.0.1:" + open.getPort(), Credentials.USER, Credentials.PASSWORD);
            SSLContext tls = trusting();
            List<Door> doors = List.of(
                    new Door(open, null, false),
                    new Door(broker.address("SSL"), tls, false),
                    new Door(broker.address("SASL_PLAINTEXT"), null, true),
                    new Door(broker.address("SASL_PLAINTEXT"), null, true),
                    new Door(broker.address("SASL_SSL"), tls, true));
            // Classes, threads and caches are there when what is held is looked at first.
            crowd(doors, tls, new AtomicLong(2_000));
            calm(broker);
            Set<String> threads = Held.threads();
            long heapBefore = Held.heapBytes();
            long frames = left.get();
            long beganNs = System.nanoTime();

            crowd(doors, tls, left);

            System.out.printf(
                    "Strangers: %d frames in %d s; the log: %s%n",
                    frames - left.get(), TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beganNs), log.kinds());
            calm(broker);
            assertThat(faults).isEmpty();
            assertThat(left.get()).as("frames not sent").isLessThanOrEqualTo(0);
            assertThat(Held.byRequests(broker)).as("held for nobody").isEmpty();
            assertThat(Held.heapBytes() - heapBefore).as("bytes of heap left").isLessThan(MOST_HEAP_LEFT_BYTES);
            assertThat(Held.threads()).as("threads").isEqualTo(threads);
            assertThat(log.alarms()).as("errors in the log").isEmpty();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    private void crowd(List<Door> doors, SSLContext tls, AtomicLong frames) throws Exception {
        List<Thread> crowd = new ArrayList<>();
        for (int i = 0; i < STRANGERS; i++) {
            long own = seed + i * SEEDS_APART;
            RawBytes raw = new RawBytes(tls, new java.util.Random(own));
            Thread stranger = new Thread(new Stranger(doors, own, raw, frames, faults), "stranger-" + i);
            stranger.start();
            crowd.add(stranger);
        }
        try {
            do {
                someoneKnownComesIn(doors.get(doors.size() - 1).address());
            } while (frames.get() > 0 && faults.isEmpty());
        } finally {
            for (Thread stranger : crowd) {
                stranger.join();
            }
        }
    }

    private static void someoneKnownComesIn(InetSocketAddress address) throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + address.getPort(),
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "SCRAM-SHA-256",
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.certificates",
                Identity.pem(ROOT.certificate()),
                "sasl.jaas.config",
                MODULES + "scram.ScramLoginModule required username=\"" + Credentials.USER + "\" password=\""
                        + Credentials.PASSWORD + "\";");
        try (Admin admin = Admin.create(settings)) {
            assertThat(admin.describeCluster().nodes().get(CALM_WITHIN_SECONDS, TimeUnit.SECONDS))
                    .hasSize(1);
        }
    }

    private static void calm(OpenedBroker broker) {
        await("nothing held for strangers")
                .atMost(CALM_WITHIN_SECONDS, TimeUnit.SECONDS)
                .until(() -> Held.byRequests(broker).isEmpty());
    }
}
