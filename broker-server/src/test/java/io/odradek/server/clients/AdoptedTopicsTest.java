package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
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

    private EmbeddedBroker start(Path data) {
        return EmbeddedBroker.builder()
                .logFolder(data)
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
        for (int pass = 0; pass < 2; pass++) {
            String deleted = "deleted-" + System.nanoTime();
            String compacted = "compacted-" + System.nanoTime();
            create(admin, deleted, Map.of());
            create(admin, compacted, Map.of("cleanup.policy", "compact"));
            fill(servers, deleted, 500);
            fill(servers, compacted, RECORDS);
            await().atMost(PATIENCE).until(() -> earliest(admin, deleted) == 500);
            await().atMost(PATIENCE).until(() -> logBytes(data, compacted) < 60_000);
        }
    }

    private void assertKeptUntilConfirmed(Path data) throws Exception {
        long tableBytes = logBytes(data, "table");
        for (int start = 0; start < 2; start++) {
            try (Warnings warnings = new Warnings();
                    EmbeddedBroker broker = start(data);
                    Admin admin = admin(broker.bootstrapServers())) {
                assertThat(warnings.about("table")).hasSize(1);
                assertThat(warnings.about("forever").get(0)).contains("kafka-configs.sh --alter");
                assertThat(warnings.about("__consumer_offsets")).isEmpty();
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
        try (Warnings warnings = new Warnings();
                EmbeddedBroker broker = start(data)) {
            assertThat(warnings.about("table")).isEmpty();
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
    void topicsOfKafkaLoseNothingBeforeTheirSettingsAreConfirmed() throws Exception {
        Path data = folder.resolve("kafkas");
        Peer peer = new Peer("3.9.2", folder.resolve("peer"));
        try (RunningKafka kafka = RunningKafka.start(peer, folder.resolve("peer"), data)) {
            fillKeptTopics(kafka.bootstrapServers());
        }
        assertKeptUntilConfirmed(data);
    }

    @Test
    void topicsWhoseJournalWasMovedAwayLoseNothingBeforeTheirSettingsAreConfirmed() throws Exception {
        Path data = folder.resolve("ours");
        try (EmbeddedBroker broker = start(data)) {
            fillKeptTopics(broker.bootstrapServers());
        }
        try (Stream<Path> files = Files.list(data)) {
            for (Path file : files.filter(path -> path.getFileName().toString().contains("journal"))
                    .toList()) {
                Files.move(file, folder.resolve(file.getFileName()));
            }
        }
        assertKeptUntilConfirmed(data);
    }

    /** The broker's warnings while this is open. */
    private static final class Warnings extends Handler implements AutoCloseable {
        private static final Logger BROKER = Logger.getLogger("io.odradek");
        private final List<String> lines = new ArrayList<>();

        Warnings() {
            BROKER.addHandler(this);
        }

        synchronized List<String> about(String topic) {
            return lines.stream()
                    .filter(line -> line.contains("of topic " + topic + " are not known"))
                    .toList();
        }

        @Override
        public synchronized void publish(LogRecord record) {
            if (record.getLevel().equals(Level.WARNING)) {
                lines.add(record.getMessage());
            }
        }

        @Override
        public void flush() {
            // Nothing is buffered.
        }

        @Override
        public void close() {
            BROKER.removeHandler(this);
        }
    }
}
