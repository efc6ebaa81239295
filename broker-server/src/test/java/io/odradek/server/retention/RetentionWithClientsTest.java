package io.odradek.server.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.server.crash.BrokerProcess;
import io.odradek.server.embedded.EmbeddedBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients see of records that go: by time, by size, and because they were asked to. */
@Timeout(120)
class RetentionWithClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, String> QUICK =
            Map.of("log.retention.check.interval.ms", "100", "log.initial.task.delay.ms", "0");
    private static final TopicPartition PARTITION = new TopicPartition("events", 0);

    @TempDir
    Path folder;

    private EmbeddedBroker start() {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder().logFolder(folder.resolve("data"));
        QUICK.forEach(builder::setting);
        return builder.start();
    }

    private static Admin admin(String servers) {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", servers));
    }

    private static void create(Admin admin, String topic, Map<String, String> settings) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(settings)))
                .all()
                .get();
    }

    private static void produce(String servers, int from, int to, long timestampMs) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", servers, "batch.size", 500),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = from; i < to; i++) {
                producer.send(new ProducerRecord<>(
                        PARTITION.topic(), 0, timestampMs, "k" + i, "v" + i + "-".repeat(i % 100)));
            }
        }
    }

    private static KafkaConsumer<String, String> consumer(String servers, String reset) {
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", servers, "auto.offset.reset", reset, "group.id", "readers"),
                new StringDeserializer(),
                new StringDeserializer());
        consumer.assign(List.of(PARTITION));
        return consumer;
    }

    private static long earliest(Admin admin) throws Exception {
        return admin.listOffsets(Map.of(PARTITION, OffsetSpec.earliest()))
                .partitionResult(PARTITION)
                .get()
                .offset();
    }

    private static long deleteRecords(Admin admin, TopicPartition partition, long before) throws Exception {
        return admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(before)))
                .lowWatermarks()
                .get(partition)
                .get()
                .lowWatermark();
    }

    private static List<Long> readOn(KafkaConsumer<String, String> consumer, long end) {
        List<Long> offsets = new ArrayList<>();
        while (consumer.position(PARTITION) < end) {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                assertThat(record.key()).isEqualTo("k" + record.offset());
                offsets.add(record.offset());
            }
        }
        return offsets;
    }

    private static void assertReadsOnFrom(String servers, long start, long end) {
        try (KafkaConsumer<String, String> reader = consumer(servers, "earliest")) {
            reader.seek(PARTITION, 0);
            List<Long> offsets = readOn(reader, end);
            assertThat(offsets).hasSize((int) (end - start));
            assertThat(offsets.get(0)).isEqualTo(start);
        }
    }

    @Test
    void recordsGoByTimeAndConsumersGoOnWithTheOldestThereIs() throws Exception {
        long nowMs = System.currentTimeMillis();
        try (EmbeddedBroker broker = start();
                Admin admin = admin(broker.bootstrapServers())) {
            String servers = broker.bootstrapServers();
            create(admin, "events", Map.of("segment.bytes", "4000", "retention.ms", "3600000"));
            produce(servers, 0, 500, nowMs - 7_200_000);
            produce(servers, 500, 600, nowMs);
            await().atMost(PATIENCE).until(() -> earliest(admin) > 400);
            long start = earliest(admin);
            assertThat(start).isLessThanOrEqualTo(500);
            assertReadsOnFrom(servers, start, 600);
            try (Stream<Path> files = Files.list(folder.resolve("data").resolve("events-0"))) {
                assertThat(files.map(file -> file.getFileName().toString())
                                .filter(name -> name.endsWith(".log"))
                                .mapToLong(name -> Long.parseLong(name.substring(0, 20))))
                        .allMatch(base -> base >= start);
            }
            produce(servers, 600, 601, nowMs - 7_200_000);
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, "events"),
                            List.of(new AlterConfigOp(new ConfigEntry("retention.ms", "1"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            await().atMost(PATIENCE).until(() -> earliest(admin) == 601);
        }
    }

    @Test
    void aPartitionIsKeptAtItsSize() throws Exception {
        try (EmbeddedBroker broker = start();
                Admin admin = admin(broker.bootstrapServers())) {
            String servers = broker.bootstrapServers();
            create(admin, "events", Map.of("segment.bytes", "4000", "retention.bytes", "10000"));
            produce(servers, 0, 1_000, System.currentTimeMillis());
            await().atMost(PATIENCE).until(() -> logBytes() < 14_000);
            assertThat(logBytes()).isGreaterThanOrEqualTo(10_000);
            assertReadsOnFrom(servers, earliest(admin), 1_000);
        }
    }

    private long logBytes() throws IOException {
        long sum = 0;
        try (Stream<Path> files = Files.list(folder.resolve("data").resolve("events-0"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".log")).toList()) {
                sum += Files.exists(file) ? Files.size(file) : 0;
            }
        }
        return sum;
    }

    @Test
    void deletedRecordsCannotBeReadAndStayAwayAfterARestart() throws Exception {
        try (EmbeddedBroker broker = start();
                Admin admin = admin(broker.bootstrapServers())) {
            String servers = broker.bootstrapServers();
            create(admin, "events", Map.of("segment.bytes", "4000"));
            produce(servers, 0, 300, System.currentTimeMillis());
            try (KafkaConsumer<String, String> strict = consumer(servers, "none")) {
                strict.seek(PARTITION, 0);
                assertThat(strict.poll(PATIENCE)).isNotEmpty();
                assertThat(deleteRecords(admin, PARTITION, 157)).isEqualTo(157);
                strict.seek(PARTITION, 100);
                assertThatThrownBy(() -> strict.poll(PATIENCE)).isInstanceOf(OffsetOutOfRangeException.class);
            }
            assertThat(deleteRecords(admin, PARTITION, 20)).isEqualTo(157);
            assertThat(earliest(admin)).isEqualTo(157);
            assertReadsOnFrom(servers, 157, 300);
        }
        try (EmbeddedBroker broker = start();
                Admin admin = admin(broker.bootstrapServers())) {
            assertThat(earliest(admin)).isEqualTo(157);
            assertThat(deleteRecords(admin, PARTITION, -1)).isEqualTo(300);
            produce(broker.bootstrapServers(), 300, 310, System.currentTimeMillis());
            assertReadsOnFrom(broker.bootstrapServers(), 300, 310);
        }
    }

    @Test
    void whatCannotBeDeletedIsRefusedAsKafkaRefusesIt() throws Exception {
        try (EmbeddedBroker broker = start();
                Admin admin = admin(broker.bootstrapServers())) {
            create(admin, "events", Map.of());
            create(admin, "table", Map.of("cleanup.policy", "compact"));
            create(admin, "both", Map.of("cleanup.policy", "compact,delete"));
            produce(broker.bootstrapServers(), 0, 10, System.currentTimeMillis());
            try (KafkaConsumer<String, String> group = consumer(broker.bootstrapServers(), "earliest")) {
                group.commitSync(Map.of(PARTITION, new OffsetAndMetadata(1)));
            }
            assertRefused(admin, PARTITION, 11, org.apache.kafka.common.errors.OffsetOutOfRangeException.class);
            assertRefused(admin, new TopicPartition("table", 0), 0, PolicyViolationException.class);
            assertRefused(admin, new TopicPartition("__consumer_offsets", 0), 0, InvalidTopicException.class);
            assertThat(deleteRecords(admin, new TopicPartition("both", 0), -1)).isZero();
            assertThat(earliest(admin)).isZero();
        }
    }

    private static void assertRefused(
            Admin admin, TopicPartition partition, long offset, Class<? extends Exception> error) {
        assertThatThrownBy(() -> deleteRecords(admin, partition, offset))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(error);
    }

    @Test
    void deletedRecordsDoNotComeBackWhenTheBrokerIsKilled() throws Exception {
        int port = freePort();
        String servers = "127.0.0.1:" + port;
        Path process = folder.resolve("process");
        for (int kill = 1; kill <= 3; kill++) {
            try (BrokerProcess broker = BrokerProcess.start(process, port, QUICK);
                    Admin admin = admin(servers)) {
                if (kill == 1) {
                    create(admin, "events", Map.of("segment.bytes", "4000"));
                    produce(servers, 0, 300, System.currentTimeMillis());
                } else {
                    assertThat(earliest(admin)).isEqualTo(90 * (kill - 1));
                }
                assertThat(deleteRecords(admin, PARTITION, 90 * kill)).isEqualTo(90 * kill);
                broker.kill();
            }
        }
        try (BrokerProcess broker = BrokerProcess.start(process, port, QUICK)) {
            assertReadsOnFrom(servers, 270, 300);
            assertThat(broker.stop()).isIn(0, 143);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
