package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.tools.KafkaTool;
import io.odradek.server.tools.ToolCall;
import io.odradek.server.zookeeper.RecordedWrite;
import io.odradek.server.zookeeper.RecordedWrite.Kind;
import io.odradek.server.zookeeper.TestEnsemble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Apache Kafka's {@code kafka-configs} sets quotas at a broker of ours and at one of Kafka 3.9.2, which is told the same: both answer
 * it alike and keep the same in ZooKeeper, and each has the quotas that the other has kept.
 */
@Timeout(300)
@SuppressWarnings("try") // The close of a server that may be interrupted.
class KafkaQuotasToolTest {
    private static final String TOOL = "kafka.admin.ConfigCommand";
    private static final String USERS = "--alter --entity-type users ";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final List<String> ACTIONS = List.of(
            USERS + "--entity-name alice --add-config producer_byte_rate=1024,consumer_byte_rate=2048",
            USERS + "--entity-name alice --add-config request_percentage=12.5,controller_mutation_rate=3",
            USERS + "--entity-default --add-config producer_byte_rate=7",
            USERS + "--entity-name alice --entity-type clients --entity-name app --add-config producer_byte_rate=1",
            USERS + "--entity-name alice --entity-type clients --entity-default --add-config consumer_byte_rate=2",
            USERS + "--entity-default --entity-type clients --entity-name app --add-config producer_byte_rate=3",
            USERS + "--entity-default --entity-type clients --entity-default --add-config producer_byte_rate=4",
            "--alter --user CN=carol,O=* --client a+b/ü --add-config request_percentage=200",
            "--alter --entity-type clients --entity-name app --add-config producer_byte_rate=5",
            "--alter --client-defaults --add-config consumer_byte_rate=6",
            "--alter --entity-type ips --entity-name 10.0.0.1 --add-config connection_creation_rate=9",
            "--alter --ip-defaults --add-config connection_creation_rate=100",
            USERS + "--entity-name bob --add-config SCRAM-SHA-256=[iterations=4096,password=p]",
            USERS + "--entity-name bob --add-config producer_byte_rate=8",
            USERS + "--entity-name alice --delete-config consumer_byte_rate",
            "--alter --client app --delete-config producer_byte_rate",
            "--alter --user dave --client app --add-config producer_byte_rate=1",
            "--alter --user dave --client app --delete-config producer_byte_rate",
            "--alter --user erin --client app --add-config producer_byte_rate=1",
            "--alter --user erin --client-defaults --add-config producer_byte_rate=1",
            "--alter --user erin --client app --delete-config producer_byte_rate",
            "--alter --user frank --client app --add-config producer_byte_rate=1",
            "--alter --user frank --add-config producer_byte_rate=1",
            "--alter --user frank --delete-config producer_byte_rate",
            "--alter --user nobody --client app --delete-config producer_byte_rate",
            USERS + "--entity-name alice --add-config producer_byte_rate=-1",
            USERS + "--entity-name alice --add-config producer_byte_rate=x",
            USERS + "--entity-name alice --add-config connection_creation_rate=1",
            USERS + "--entity-name alice --delete-config consumer_byte_rate",
            "--alter --ip 10.0.0.256 --add-config connection_creation_rate=1");

    private static final List<String> QUESTIONS = List.of(
            "--describe --entity-type users",
            "--describe --entity-type users --entity-name alice",
            "--describe --entity-type users --entity-default",
            "--describe --entity-type users --entity-name bob",
            "--describe --entity-type users --entity-name nobody",
            "--describe --entity-type clients",
            "--describe --entity-type clients --entity-default",
            "--describe --entity-type users --entity-type clients",
            "--describe --entity-type users --entity-name alice --entity-type clients",
            "--describe --entity-type users --entity-name alice --entity-type clients --entity-name app",
            "--describe --entity-type users --entity-default --entity-type clients --entity-default",
            "--describe --user CN=carol,O=* --client a+b/ü",
            "--describe --entity-type ips",
            "--describe --ip 10.0.0.1",
            "--describe --ip-defaults");

    @TempDir
    Path folder;

    @Test
    void bothAnswerAlikeKeepTheSameAndReadEachOthers() throws Exception {
        Peer peer = new Peer("3.9.2", folder.resolve("peer"));
        try (TestEnsemble ensemble = new TestEnsemble(folder.resolve("zookeeper"), 3_000);
                KafkaTool older = new KafkaTool("3.9.2", folder.resolve("older"));
                KafkaTool newer = new KafkaTool("4.3.1", folder.resolve("newer"))) {
            List<String> described;
            try (EmbeddedBroker ours = ours(ensemble, "/ours");
                    KafkasServer kafkas =
                            new KafkasServer(peer, folder.resolve("kafka"), ensemble.connect() + "/kafkas")) {
                for (KafkaTool tool : List.of(older, newer)) {
                    for (String action : ACTIONS) {
                        assertThat(call(tool, ours.bootstrapServers(), action))
                                .as(action)
                                .isEqualTo(call(tool, kafkas.bootstrapServers(), action));
                    }
                    for (String question : QUESTIONS) {
                        assertThat(call(tool, ours.bootstrapServers(), question))
                                .as(question)
                                .isEqualTo(call(tool, kafkas.bootstrapServers(), question));
                    }
                }
                described = all(older, ours.bootstrapServers());
                assertThat(described).hasSizeGreaterThan(10);
            }
            assertThat(written("/ours")).isEqualTo(written("/kafkas"));

            try (EmbeddedBroker ours = ours(ensemble, "/kafkas")) {
                assertThat(all(older, ours.bootstrapServers())).isEqualTo(described);
                assertThat(call(
                                older,
                                ours.bootstrapServers(),
                                "--alter --user alice --add-config producer_byte_rate=9"))
                        .contains("Completed updating config for user alice.");
                described = all(older, ours.bootstrapServers());
            }
            try (KafkasServer kafkas =
                    new KafkasServer(peer, folder.resolve("again"), ensemble.connect() + "/kafkas")) {
                assertThat(all(older, kafkas.bootstrapServers())).isEqualTo(described);
            }
        }
    }

    private EmbeddedBroker ours(TestEnsemble ensemble, String chroot) {
        return EmbeddedBroker.builder()
                .logFolder(folder.resolve("logs" + chroot))
                .setting("zookeeper.connect", ensemble.connect() + chroot)
                .start();
    }

    /** A broker of Kafka, in a cluster of its own. */
    private static final class KafkasServer implements AutoCloseable {
        private final int port;
        private final KafkaBroker broker;

        private KafkasServer(Peer peer, Path home, String zooKeeper) throws IOException {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = socket.getLocalPort();
            }
            broker = KafkaBroker.start(
                    peer,
                    home,
                    List.of(
                            "broker.id=7",
                            "zookeeper.connect=" + zooKeeper,
                            "listeners=PLAINTEXT://" + bootstrapServers(),
                            "log.dirs=" + home.resolve("data")));
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
                await().atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() -> admin.describeCluster().nodes().get().size() == 1);
            }
        }

        private String bootstrapServers() {
            return "127.0.0.1:" + port;
        }

        @Override
        public void close() throws InterruptedException {
            broker.stop();
        }
    }

    /** {@return what a call prints, without traces of stacks, in an order of its own: Kafka has none} */
    private static List<String> call(KafkaTool tool, String servers, String arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("--bootstrap-server", servers));
        all.addAll(List.of(arguments.split(" ")));
        ToolCall call = tool.call(TOOL, all.toArray(String[]::new));
        List<String> lines = new ArrayList<>(List.of("status " + call.status()));
        (call.out() + call.err())
                .lines()
                .filter(line -> !line.startsWith("\tat ") && !line.startsWith("\t..."))
                .map(line -> sorted(line.replace(servers, "SERVERS")))
                .sorted()
                .forEach(lines::add);
        return lines;
    }

    private static String sorted(String line) {
        int settings = line.indexOf(" are ") + 5;
        return settings < 5
                ? line
                : line.substring(0, settings)
                        + new TreeSet<>(List.of(line.substring(settings).split(", ")));
    }

    private static List<String> all(KafkaTool tool, String servers) throws Exception {
        List<String> all = new ArrayList<>();
        for (String types : List.of("users", "clients", "users --entity-type clients", "ips")) {
            all.addAll(call(tool, servers, "--describe --entity-type " + types));
        }
        return all;
    }

    /** What stands in each node in the end, without passwords, which both salt by chance. */
    private SortedMap<String, Object> written(String chroot) throws IOException {
        SortedMap<String, Object> written = new TreeMap<>();
        for (RecordedWrite write : RecordedWrite.read(folder.resolve("zookeeper"), chroot)) {
            if (Pattern.matches("/config/(users|clients|ips)/.*", write.path())) {
                if (write.kind() == Kind.DELETE) {
                    written.remove(write.path());
                } else {
                    written.put(write.path(), settings(write.text()));
                }
            }
        }
        assertThat(written).hasSizeGreaterThan(10);
        return written;
    }

    /** Which setting comes first is Kafka's hash table's affair. */
    private static List<String> settings(String text) {
        String known = text.replaceAll("(salt|stored_key|server_key)=[^,\"]*", "$1=SECRET");
        List<String> parts = new ArrayList<>(List.of(known.replaceAll("\\{(\"[^{}]*\")?\\}", "{}")));
        Pattern.compile("\"[^\"]*\":\"[^\"]*\"")
                .matcher(known)
                .results()
                .map(match -> match.group())
                .sorted()
                .forEach(parts::add);
        return parts;
    }
}
