package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log folder of Apache Kafka 4.4.0, which knows KRaft only, brings its topics, identifiers and settings along. It has been
 * recorded once; {@code -Dkraft.record=true} has Kafka make it anew.
 */
@Timeout(300)
class KraftFoldersTest {
    private static final Path RECORDED = Path.of("src/test/peers/recorded/kraft-4.4.0");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void aFolderOfKraftIsServedWithItsTopicsAndTheirSettings() throws Exception {
        Path data = folder.resolve("data");
        if (Boolean.getBoolean("kraft.record")) {
            Path kafkas = folder.resolve("kafkas");
            fill(kafkas);
            record(kafkas);
        }
        copy(RECORDED, data);
        try (BrokerLines lines = new BrokerLines();
                EmbeddedBroker broker = EmbeddedBroker.builder().logFolder(data).start();
                Admin admin = admin(broker.bootstrapServers())) {
            assertThat(admin.listTopics().names().get()).containsExactlyInAnyOrder("table", "forever", "again");
            Map<String, TopicDescription> here = describe(admin, List.of("table", "forever", "again"));
            here.forEach((topic, description) -> assertThat(data.resolve(topic + "-0/partition.metadata"))
                    .content()
                    .contains("topic_id: " + description.topicId()));
            assertThat(here.get("table").partitions()).hasSize(2);
            assertThat(TopicOverrides.of(admin, "table"))
                    .containsExactly(Map.entry("cleanup.policy", "compact"), Map.entry("segment.ms", "1234567"));
            assertThat(TopicOverrides.of(admin, "forever")).containsExactly(Map.entry("retention.ms", "-1"));
            assertThat(TopicOverrides.of(admin, "again")).isEmpty();
            assertThat(lines.warnings("are not known")).isEmpty();
            assertThat(lines.with("Topic table is adopted"))
                    .singleElement()
                    .asString()
                    .contains("__cluster_metadata-0");
        }
    }

    @Test
    void metadataThatWereCutOffAreSaidToBeAndTheirSettingsAreUnconfirmed() throws Exception {
        Path data = folder.resolve("data");
        copy(RECORDED, data);
        Path log = data.resolve("__cluster_metadata-0/00000000000000000000.log");
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
            file.truncate(file.size() - 1);
        }
        try (BrokerLines lines = new BrokerLines();
                EmbeddedBroker broker = EmbeddedBroker.builder().logFolder(data).start();
                Admin admin = admin(broker.bootstrapServers())) {
            assertThat(lines.warnings(log.toString()))
                    .singleElement()
                    .asString()
                    .contains("a batch is half written");
            assertThat(lines.warnings("are not known")).hasSize(3);
            assertThat(TopicOverrides.of(admin, "table"))
                    .containsEntry("cleanup.policy", "compact")
                    .containsEntry("odradek.settings.unconfirmed", "true");
        }
    }

    private void fill(Path data) throws Exception {
        Peer peer = new Peer("4.4.0", folder.resolve("peer"));
        int port = freePort();
        int controllerPort = freePort();
        List<String> settings = List.of(
                "process.roles=broker,controller",
                "node.id=3",
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "controller.listener.names=CONTROLLER",
                "controller.quorum.bootstrap.servers=127.0.0.1:" + controllerPort,
                "metadata.log.max.snapshot.interval.ms=1000",
                "log.dirs=" + data);
        Path file = folder.resolve("format.properties");
        Files.write(file, settings);
        Process format = peer.java(
                        "kafka.tools.StorageTool",
                        "format",
                        "--cluster-id",
                        "vQZbC5mHQ6Crhq-8DDtQ7w",
                        "--standalone",
                        "--config",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("format.out").toFile())
                .start();
        assertThat(format.waitFor())
                .as(Files.readString(folder.resolve("format.out")))
                .isZero();
        try (KafkaBroker kafka = KafkaBroker.start(peer, folder.resolve("broker"), settings);
                Admin admin = admin("127.0.0.1:" + port)) {
            await().atMost(PATIENCE)
                    .until(() -> admin.describeCluster().nodes().get().size() == 1);
            create(admin, "table", 2, Map.of("cleanup.policy", "compact", "segment.ms", "1"));
            create(admin, "forever", 1, Map.of("retention.bytes", "5"));
            create(admin, "gone", 1, Map.of());
            create(admin, "again", 1, Map.of("retention.ms", "5"));
            admin.deleteTopics(List.of("gone", "again")).all().get();
            create(admin, "again", 1, Map.of());
            Path metadata = data.resolve("__cluster_metadata-0");
            await().atMost(PATIENCE).until(() -> snapshots(metadata) > 1);
            alter(admin, "table", "segment.ms", "1234567");
            alter(admin, "forever", "retention.ms", "-1");
            alter(admin, "forever", "retention.bytes", null);
            kafka.stop();
        }
    }

    private static long snapshots(Path metadata) throws IOException {
        try (Stream<Path> files = Files.list(metadata)) {
            return files.filter(file -> file.toString().endsWith(".checkpoint")).count();
        }
    }

    /** Keeps what says something: an empty index does not. */
    private static void record(Path data) throws IOException {
        if (Files.exists(RECORDED)) {
            RecordedKafka.deleteFolder(RECORDED);
        }
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".log")
                        || name.endsWith(".checkpoint")
                        || name.equals("meta.properties")
                        || name.equals("partition.metadata")) {
                    Path kept = RECORDED.resolve(data.relativize(file));
                    Files.createDirectories(kept.getParent());
                    Files.copy(file, kept);
                }
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private static Admin admin(String servers) {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", servers));
    }

    private static void create(Admin admin, String topic, int partitions, Map<String, String> settings)
            throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)))
                .all()
                .get();
    }

    private static void alter(Admin admin, String topic, String name, String value) throws Exception {
        AlterConfigOp.OpType how = value == null ? AlterConfigOp.OpType.DELETE : AlterConfigOp.OpType.SET;
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(new ConfigEntry(name, value), how))))
                .all()
                .get();
    }

    private static Map<String, TopicDescription> describe(Admin admin, List<String> topics) throws Exception {
        return admin.describeTopics(topics).allTopicNames().get();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
