package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is found in a log folder without its settings is kept as it is until somebody confirms them. */
@Timeout(300)
class AdoptedTopicsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String MARK = "odradek.settings.unconfirmed";
    private static final int RECORDS = 2_000;
    private static final long A_MONTH_AGO_MS = System.currentTimeMillis() - 30L * 86_400_000;

    @TempDir
    Path folder;

    private EmbeddedBroker start(Path data, String... settings) {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
        if (data != null) {
            builder.logFolder(data);
        }
        for (int i = 0; i < settings.length; i += 2) {
            builder.setting(settings[i], settings[i + 1]);
        }
        return builder.setting("log.retention.hours", "168")
                .setting("log.retention.check.interval.ms", "50")
                .setting("log.initial.task.delay.ms", "0")
                .setting("log.cleaner.backoff.ms", "50")
                .setting("log.cleaner.min.cleanable.ratio", "0")
                .setting("log.segment.bytes", "20000")
                .start();
    }

    private static Admin admin(String servers) {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", servers));
    }

    private static void create(Admin admin, String topic, Map<String, String> settings) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(settings)))
                .all()
                .get();
    }

    private static void fill(String servers, String topic, int count) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", servers, "batch.size", 1000),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, 0, A_MONTH_AGO_MS, "k" + i % 10, "v" + i + "-".repeat(50)));
            }
        }
    }

    private void fillKeptTopics(String servers) throws Exception {
        try (Admin admin = admin(servers)) {
            create(admin, "table", Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "1.0"));
            create(admin, "forever", Map.of("retention.ms", "-1"));
        }
        fill(servers, "table", RECORDS);
        fill(servers, "forever", RECORDS);
    }

    private static long earliest(Admin admin, String topic) throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        return admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private static long logBytes(Path data, String topic) throws Exception {
        long sum = 0;
        try (Stream<Path> files = Files.list(data.resolve(topic + "-0"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".log")).toList()) {
                sum += Files.exists(file) ? Files.size(file) : 0;
            }
        }
        return sum;
    }

    /** Two topics of the broker's own, created later, lose what they may: the passes have come by the others. */
    private void letRetentionAndCleaningRun(Path data, String servers, Admin admin) throws Exception {
        letRetentionAndCleaningRun(data, data, servers, admin);
    }

    private void letRetentionAndCleaningRun(Path data, Path other, String servers, Admin admin) throws Exception {
        for (int pass = 0; pass < 2; pass++) {
            String deleted = "deleted-" + System.nanoTime();
            String compacted = "compacted-" + System.nanoTime();
            create(admin, deleted, Map.of());
            create(admin, compacted, Map.of("cleanup.policy", "compact"));
            fill(servers, deleted, 500);
            fill(servers, compacted, RECORDS);
            await().atMost(PATIENCE).until(() -> earliest(admin, deleted) == 500);
            await().atMost(PATIENCE).until(() -> {
                Path holding = Files.exists(data.resolve(compacted + "-0")) ? data : other;
                return logBytes(holding, compacted) < 60_000;
            });
        }
    }

    private static List<String> unconfirmed(BrokerLines lines, String topic) {
        return lines.warnings("of topic " + topic + " are not known");
    }

    private void assertKeptUntilConfirmed(Path data) throws Exception {
        long tableBytes = logBytes(data, "table");
        for (int start = 0; start < 2; start++) {
            try (BrokerLines lines = new BrokerLines();
                    EmbeddedBroker broker = start(data);
                    Admin admin = admin(broker.bootstrapServers())) {
                assertThat(unconfirmed(lines, "table")).hasSize(1);
                assertThat(unconfirmed(lines, "forever").get(0)).contains("kafka-configs.sh --alter");
                assertThat(unconfirmed(lines, "__consumer_offsets")).isEmpty();
                letRetentionAndCleaningRun(data, broker.bootstrapServers(), admin);
                assertThat(earliest(admin, "table")).isZero();
                assertThat(earliest(admin, "forever")).isZero();
                assertThat(logBytes(data, "table")).isGreaterThanOrEqualTo(tableBytes);
                assertThat(mark(admin, "table").isReadOnly()).isTrue();
            }
        }
        try (EmbeddedBroker broker = start(data);
                Admin admin = admin(broker.bootstrapServers())) {
            confirm(admin, "table", "cleanup.policy", "compact");
            confirm(admin, "forever", "retention.ms", "604800000");
            assertThat(mark(admin, "table")).isNull();
            await().atMost(PATIENCE).until(() -> earliest(admin, "forever") == RECORDS);
            fill(broker.bootstrapServers(), "table", 500);
            await().atMost(PATIENCE).until(() -> logBytes(data, "table") < tableBytes / 2);
            assertThat(earliest(admin, "table")).isZero();
        }
        try (BrokerLines lines = new BrokerLines();
                EmbeddedBroker broker = start(data)) {
            assertThat(unconfirmed(lines, "table")).isEmpty();
            assertThat(broker.bootstrapServers()).isNotEmpty();
        }
    }

    private static void confirm(Admin admin, String topic, String name, String value) throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    private static ConfigEntry mark(Admin admin, String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .get(MARK);
    }

    @Test
    void topicsOfKafkaLoseNothingBeforeTheirSettingsAreConfirmedByHandOrByZooKeeper() throws Exception {
        Path data = folder.resolve("kafkas");
        Peer peer = new Peer("3.9.2", folder.resolve("peer"));
        try (RunningKafka kafka = RunningKafka.start(peer, folder.resolve("peer"), data)) {
            fillKeptTopics(kafka.bootstrapServers());
            kafka.stop();
            Path copy = folder.resolve("copy");
            copy(data, copy);
            assertSettingsBroughtAlong(copy, "127.0.0.1:" + kafka.zooKeeperPort());
        }
        assertKeptUntilConfirmed(data);
    }

    private void assertSettingsBroughtAlong(Path data, String zooKeeper) throws Exception {
        String connect = "odradek.adopt.zookeeper.connect";
        assertThatThrownBy(() -> start(data, connect, zooKeeper + "/elsewhere"))
                .hasMessageContaining(zooKeeper + "/elsewhere")
                .hasMessageContaining("it holds no cluster of Kafka's");
        assertThatThrownBy(() -> start(data, connect, "127.0.0.1:1", "odradek.adopt.zookeeper.timeout.ms", "1000"))
                .hasMessageContaining("127.0.0.1:1")
                .hasMessageContaining("nobody answers within 1000 ms");
        try (BrokerLines lines = new BrokerLines()) {
            start(data).close();
            assertThat(unconfirmed(lines, "table")).hasSize(1);
        }
        for (String[] settings : new String[][] {{connect, zooKeeper}, {}}) {
            try (BrokerLines lines = new BrokerLines();
                    EmbeddedBroker broker = start(data, settings);
                    Admin admin = admin(broker.bootstrapServers())) {
                assertThat(unconfirmed(lines, "table")).isEmpty();
                assertThat(lines.with("Topic forever has its settings again")).hasSize(settings.length / 2);
                assertThat(TopicOverrides.of(admin, "table"))
                        .containsExactly(
                                Map.entry("cleanup.policy", "compact"), Map.entry("min.cleanable.dirty.ratio", "1.0"));
                assertThat(TopicOverrides.of(admin, "forever")).containsExactly(Map.entry("retention.ms", "-1"));
                if (settings.length > 0) {
                    letRetentionAndCleaningRun(data, broker.bootstrapServers(), admin);
                }
                assertThat(earliest(admin, "forever")).isZero();
            }
        }
    }

    private static void copy(Path from, Path to) throws Exception {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    @Test
    void aLostJournalCostsNoSettingAndATopicThatWasMadeAgainHasItsOwn() throws Exception {
        Path other = folder.resolve("other");
        Path data = folder.resolve("mine");
        String[] both = {"log.dirs", data + "," + other};
        try (EmbeddedBroker broker = start(null, both);
                Admin admin = admin(broker.bootstrapServers())) {
            fillKeptTopics(broker.bootstrapServers());
            create(admin, "changed", Map.of("retention.ms", "1000000000000"));
            create(admin, "again", Map.of("retention.ms", "-1"));
            admin.deleteTopics(List.of("again")).all().get();
            create(admin, "again", Map.of("cleanup.policy", "compact"));
            confirm(admin, "changed", "segment.bytes", "100000");
            fill(broker.bootstrapServers(), "changed", RECORDS);
        }
        Map<String, Map<String, String>> settings = new TreeMap<>();
        for (boolean lost : new boolean[] {false, true}) {
            if (lost) {
                Files.delete(data.resolve("coordination.journal"));
                Files.delete(other.resolve("coordination.journal"));
            }
            try (BrokerLines lines = new BrokerLines();
                    EmbeddedBroker broker = start(null, both);
                    Admin admin = admin(broker.bootstrapServers())) {
                for (String topic : List.of("table", "forever", "changed", "again")) {
                    Map<String, String> overrides = TopicOverrides.of(admin, topic);
                    assertThat(overrides).as(topic).isEqualTo(settings.computeIfAbsent(topic, any -> overrides));
                    assertThat(lines.with("Topic " + topic + " is adopted")).hasSize(lost ? 1 : 0);
                }
                assertThat(lines.warnings("are not known")).isEmpty();
                assertThat(lines.warnings("There is no coordination journal")).hasSize(lost ? 1 : 0);
                if (lost) {
                    letRetentionAndCleaningRun(data, other, broker.bootstrapServers(), admin);
                }
                assertThat(earliest(admin, "forever")).isZero();
                assertThat(earliest(admin, "changed")).isZero();
            }
        }
        assertThat(settings.get("changed"))
                .containsExactly(Map.entry("retention.ms", "1000000000000"), Map.entry("segment.bytes", "100000"));
        assertThat(settings.get("again")).containsExactly(Map.entry("cleanup.policy", "compact"));
    }

    @Test
    void topicsWhoseJournalAndSettingsWereMovedAwayLoseNothingBeforeTheirSettingsAreConfirmed() throws Exception {
        Path data = folder.resolve("ours");
        try (EmbeddedBroker broker = start(data)) {
            fillKeptTopics(broker.bootstrapServers());
        }
        try (Stream<Path> files = Files.list(data)) {
            for (Path file :
                    files.filter(path -> isOurs(path.getFileName().toString())).toList()) {
                Files.move(file, folder.resolve(file.getFileName()));
            }
        }
        assertKeptUntilConfirmed(data);
    }

    private static boolean isOurs(String name) {
        return name.contains("journal") || name.contains("topic-settings");
    }
}
