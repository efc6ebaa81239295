package io.odradek.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.certificates.Identity;
import io.odradek.server.certificates.Issuer;
import io.odradek.server.clients.KafkaBroker;
import io.odradek.server.clients.Peer;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.zookeeper.TestEnsemble;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Apache Kafka 3.9.2 has stored of a broker's listeners, a broker of ours serves that takes its place, and Kafka again after it. */
@Timeout(300)
class StoredSecretsWithKafkaTest {
    private static final Duration VALID = Duration.ofDays(1);
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Issuer ROOT = new Issuer("CN=root", VALID);
    private static final String TLS = "listener.name.tls.";

    @TempDir
    private Path folder;

    private int open;
    private int tls;

    private Map<String, String> settings(TestEnsemble ensemble) {
        return new TreeMap<>(Map.of(
                "zookeeper.connect", ensemble.connect() + "/kafka",
                "broker.id", "7",
                "listeners", "OPEN://127.0.0.1:" + open + ",TLS://127.0.0.1:" + tls,
                "listener.security.protocol.map", "OPEN:PLAINTEXT,TLS:SSL",
                "inter.broker.listener.name", "OPEN",
                "ssl.keystore.location", folder.resolve("first").toString(),
                "ssl.keystore.type", "PKCS12",
                "ssl.keystore.password", "first's",
                "ssl.key.password", "first's",
                "password.encoder.secret", "of the tree"));
    }

    private BigInteger keys(String file) throws IOException {
        Identity identity = ROOT.issue("CN=broker", List.of("127.0.0.1"), VALID);
        identity.writeKeyStore(folder.resolve(file), file + "'s");
        return identity.certificate().getSerialNumber();
    }

    private BigInteger shown() throws Exception {
        try (SSLSocket socket = TlsPeer.shake(new InetSocketAddress("127.0.0.1", tls), ROOT.certificate())) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    private void set(String file) throws Exception {
        List<AlterConfigOp> operations = new ArrayList<>();
        for (String[] one : new String[][] {
            {"ssl.keystore.location", folder.resolve(file).toString()},
            {"ssl.keystore.password", file + "'s"},
            {"ssl.key.password", file + "'s"},
            {"ssl.keystore.type", "PKCS12"},
        }) {
            operations.add(new AlterConfigOp(new ConfigEntry(TLS + one[0], one[1]), AlterConfigOp.OpType.SET));
        }
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", "127.0.0.1:" + open))) {
            await().atMost(PATIENCE)
                    .until(() -> admin.describeCluster().nodes().get().size() == 1);
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.BROKER, "7"), operations))
                    .all()
                    .get();
        }
    }

    @Test
    void whatOneHasStoredTheOtherServes() throws Exception {
        open = freePort();
        tls = freePort();
        keys("first");
        BigInteger second = keys("second");
        BigInteger third = keys("third");
        try (TestEnsemble ensemble = new TestEnsemble(folder.resolve("zookeeper"), 3_000)) {
            Peer peer = new Peer("3.9.2", folder.resolve("peer"));
            try (KafkaBroker kafka = KafkaBroker.start(peer, folder.resolve("kafka-1"), lines(ensemble))) {
                set("second");
                await().atMost(PATIENCE).until(() -> shown().equals(second));
                kafka.stop();
            }
            EmbeddedBroker.Builder builder = EmbeddedBroker.builder().logFolder(folder.resolve("ours"));
            settings(ensemble).forEach(builder::setting);
            try (EmbeddedBroker ours = builder.start()) {
                assertThat(shown()).as("%s", ours).isEqualTo(second);
                set("third");
                assertThat(shown()).isEqualTo(third);
            }
            try (KafkaBroker kafka = KafkaBroker.start(peer, folder.resolve("kafka-2"), lines(ensemble))) {
                await().atMost(PATIENCE)
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .until(() -> shown().equals(third));
                kafka.stop();
            }
        }
    }

    private List<String> lines(TestEnsemble ensemble) {
        List<String> lines = new ArrayList<>(List.of("log.dirs=" + folder.resolve("kafkas")));
        settings(ensemble).forEach((name, value) -> lines.add(name + "=" + value));
        return lines;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
