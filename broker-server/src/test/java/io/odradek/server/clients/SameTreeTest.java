package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.groups.TreePositionsClient;
import io.odradek.server.zookeeper.RecordedWrite;
import io.odradek.server.zookeeper.RecordedWrite.Kind;
import io.odradek.server.zookeeper.TestEnsemble;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker of ours and one of Apache Kafka 3.9.2 do the same, and leave the same bytes in ZooKeeper but for times and ids. */
@Timeout(300)
@SuppressWarnings("try") // Brokers that are only closed.
class SameTreeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int TICK_MS = 3_000;

    @TempDir
    Path folder;

    @Test
    void theSameActionsLeaveTheSameTree() throws Exception {
        try (TestEnsemble ensemble = new TestEnsemble(folder.resolve("zookeeper"), TICK_MS)) {
            int ours;
            try (EmbeddedBroker broker = EmbeddedBroker.builder()
                    .logFolder(folder.resolve("ours"))
                    .setting("zookeeper.connect", ensemble.connect() + "/ours")
                    .setting("broker.id", "7")
                    .setting("broker.rack", "r")
                    .start()) {
                ours = Integer.parseInt(broker.bootstrapServers().replaceAll(".*:", ""));
                act(broker.bootstrapServers());
            }
            int kafkas = freePort();
            Peer peer = new Peer("3.9.2", folder.resolve("peer"));
            List<String> settings = List.of(
                    "zookeeper.connect=" + ensemble.connect() + "/kafkas",
                    "broker.id=7",
                    "broker.rack=r",
                    "listeners=PLAINTEXT://127.0.0.1:" + kafkas,
                    "log.dirs=" + folder.resolve("kafkas"));
            try (KafkaBroker broker = KafkaBroker.start(peer, folder.resolve("kafka"), settings)) {
                act("127.0.0.1:" + kafkas);
            }
            assertThat(written("/ours", ours)).isEqualTo(written("/kafkas", kafkas));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void act(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap))) {
            await().atMost(PATIENCE)
                    .until(() -> admin.describeCluster().nodes().get().size() == 1);
            SortedMap<String, String> settings =
                    new TreeMap<>(Map.of("cleanup.policy", "compact", "retention.ms", "1000000", "segment.ms", "1000"));
            admin.createTopics(List.of(new NewTopic("many", 40, (short) 1).configs(settings)))
                    .all()
                    .get();
            admin.createTopics(List.of(new NewTopic("gone", 1, (short) 1)))
                    .all()
                    .get();
            admin.deleteTopics(List.of("gone")).all().get();
            for (String value : new String[] {"5000000", null}) {
                AlterConfigOp.OpType how = value == null ? AlterConfigOp.OpType.DELETE : AlterConfigOp.OpType.SET;
                admin.incrementalAlterConfigs(Map.of(
                                new ConfigResource(ConfigResource.Type.TOPIC, "many"),
                                List.of(new AlterConfigOp(new ConfigEntry("retention.ms", value), how))))
                        .all()
                        .get();
            }
        }
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap, "enable.idempotence", true),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("many", 0, "k", "v")).get();
        }
        try (TreePositionsClient client = new TreePositionsClient(bootstrap)) {
            assertThat(client.commit("g", "many", 0, 1)).isEqualTo(ErrorCode.NONE);
            assertThat(client.commit("g", "many", 1, Long.MAX_VALUE)).isEqualTo(ErrorCode.NONE);
            assertThat(client.commit("g", "many", 0, -2)).isEqualTo(ErrorCode.NONE);
            assertThat(client.commit("a/b", "many", 0, 3)).isEqualTo(ErrorCode.NONE);
            assertThat(client.commit("g", "many", 40, 3)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
            assertThat(client.commit("a//b", "many", 0, 3)).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        }
    }

    @Test
    void positionsOfOldClientsChangeHands() throws Exception {
        try (TestEnsemble ensemble = new TestEnsemble(folder.resolve("zookeeper"), TICK_MS)) {
            String connect = ensemble.connect() + "/both";
            Peer peer = new Peer("3.9.2", folder.resolve("peer"));
            int port = freePort();
            List<String> settings = List.of(
                    "zookeeper.connect=" + connect,
                    "broker.id=7",
                    "listeners=PLAINTEXT://127.0.0.1:" + port,
                    "log.dirs=" + folder.resolve("kafkas"));
            try (KafkaBroker broker = KafkaBroker.start(peer, folder.resolve("kafka"), settings)) {
                act("127.0.0.1:" + port);
            }
            try (EmbeddedBroker broker = EmbeddedBroker.builder()
                            .logFolder(folder.resolve("ours"))
                            .setting("zookeeper.connect", connect)
                            .setting("broker.id", "7")
                            .start();
                    TreePositionsClient client = new TreePositionsClient(broker.bootstrapServers())) {
                assertThat(client.fetch("g", "many", 0)).isEqualTo("-2");
                assertThat(client.fetch("g", "many", 1)).isEqualTo("9223372036854775807");
                assertThat(client.fetch("a/b", "many", 0)).isEqualTo("3");
                assertThat(client.fetch("g", "many", 2)).isEqualTo("UNKNOWN_TOPIC_OR_PARTITION");
                assertThat(client.commit("g", "many", 0, 5)).isEqualTo(ErrorCode.NONE);
                assertThat(client.commit("new", "many", 39, 6)).isEqualTo(ErrorCode.NONE);
            }
            try (KafkaBroker broker = KafkaBroker.start(peer, folder.resolve("kafka"), settings);
                    TreePositionsClient client = once(port)) {
                await().atMost(PATIENCE).until(() -> client.fetch("g", "many", 0), "5"::equals);
                assertThat(client.fetch("new", "many", 39)).isEqualTo("6");
                assertThat(client.fetch("a/b", "many", 0)).isEqualTo("3");
            }
        }
    }

    /** {@return a client of a broker that is about to listen} */
    private static TreePositionsClient once(int port) {
        return await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(ConnectException.class)
                .until(() -> new TreePositionsClient("127.0.0.1:" + port), client -> true);
    }

    /**
     * What was written into each node, in the order of time. Left out: the empty content that Kafka's ephemeral nodes have for
     * the moment before they are set, and that Kafka takes the partitions of a topic offline before it deletes them.
     */
    private SortedMap<String, List<String>> written(String chroot, int port) throws IOException {
        SortedMap<String, List<String>> written = new TreeMap<>();
        for (RecordedWrite write : RecordedWrite.read(folder.resolve("zookeeper"), chroot)) {
            boolean momentary = write.kind() == Kind.CREATE_EPHEMERAL && write.data() == null
                    || write.path().startsWith("/brokers/topics/gone/")
                            && write.text().contains("\"leader\":-1");
            if (!momentary) {
                String text = write.kind() == Kind.DELETE ? "deleted" : write.comparable();
                written.computeIfAbsent(write.path(), path -> new ArrayList<>())
                        .add(text.replace(Integer.toString(port), "PORT"));
            }
        }
        assertThat(written).isNotEmpty();
        return written;
    }
}
