package io.odradek.server.oldfolders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What compaction and retention make of logs with records of magic 0 and 1. */
@Timeout(300)
class OldFoldersCleanedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MAGIC_POSITION = 16;
    private static final int SIZE_POSITION = 8;
    private static final int LOG_OVERHEAD = 12;

    @TempDir
    Path folder;

    static List<OldFolder> all() {
        return OldFolder.ALL;
    }

    private static EmbeddedBroker start(Path data) {
        return EmbeddedBroker.builder()
                .logFolder(data)
                .setting("log.segment.bytes", "4096")
                .setting("log.cleaner.backoff.ms", "100")
                .setting("log.cleaner.dedupe.buffer.size", "2097152")
                .setting("log.segment.delete.delay.ms", "0")
                .setting("log.retention.check.interval.ms", "100")
                .setting("log.initial.task.delay.ms", "0")
                .start();
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static void set(Admin admin, String topic, Map<String, String> settings) throws Exception {
        List<AlterConfigOp> changes = new ArrayList<>();
        settings.forEach((name, value) ->
                changes.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)));
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), changes))
                .all()
                .get();
    }

    @ParameterizedTest
    @MethodSource("all")
    void ofEachKeyTheLastRecordStays(OldFolder recorded) throws Exception {
        Path data = recorded.copyTo(folder.resolve("data"));
        for (String topic : List.of("table", "cleaned")) {
            List<ReadRecord> before = recorded.contents(topic);
            Path log = data.resolve(topic + "-0");
            try (EmbeddedBroker broker = start(data);
                    Admin admin = admin(broker)) {
                // A segment is cleaned only when there is a newer one.
                long next = send(broker, topic, "last", "-".repeat(3900));
                send(broker, topic, "last", "one");
                set(
                        admin,
                        topic,
                        Map.of(
                                "cleanup.policy", "compact",
                                "min.cleanable.dirty.ratio", "0.001",
                                "min.compaction.lag.ms", "0",
                                "delete.retention.ms", String.valueOf(Long.MAX_VALUE / 2)));
                await(topic)
                        .atMost(PATIENCE)
                        // Segments come and go.
                        .ignoreExceptionsInstanceOf(NoSuchFileException.class)
                        .untilAsserted(() -> assertThat(magics(log, next))
                                .doesNotContain(0, 1)
                                .contains(2));
                await(topic)
                        .atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(
                                        ReadRecord.all(broker.bootstrapServers(), List.of(topic)).stream()
                                                .filter(record -> record.offset() < next))
                                .containsExactlyElementsOf(lastOfEachKey(before)));
            }
            try (EmbeddedBroker broker = start(data)) {
                assertThat(ReadRecord.all(broker.bootstrapServers(), List.of(topic)).stream()
                                .filter(record -> record.offset()
                                        <= before.get(before.size() - 1).offset()))
                        .containsExactlyElementsOf(lastOfEachKey(before));
            }
        }
    }

    private static long send(EmbeddedBroker broker, String topic, String key, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            return producer.send(new ProducerRecord<>(topic, 0, key, value))
                    .get()
                    .offset();
        }
    }

    private static List<ReadRecord> lastOfEachKey(List<ReadRecord> records) {
        Map<String, ReadRecord> last = new TreeMap<>();
        records.forEach(record -> last.put(record.key(), record));
        return records.stream()
                .filter(record -> last.get(record.key()) == record)
                .map(ReadRecord::inBatch)
                .toList();
    }

    /** {@return the formats of the entries before an offset} */
    private static List<Integer> magics(Path partition, long before) throws IOException {
        List<Integer> magics = new ArrayList<>();
        for (Path log : logs(partition)) {
            ByteBuffer entries = ByteBuffer.wrap(Files.readAllBytes(log));
            for (int at = 0; at < entries.limit(); at += entries.getInt(at + SIZE_POSITION) + LOG_OVERHEAD) {
                if (entries.getLong(at) < before) {
                    magics.add((int) entries.get(at + MAGIC_POSITION));
                }
            }
        }
        return magics;
    }

    private static List<Path> logs(Path partition) throws IOException {
        try (Stream<Path> files = Files.list(partition)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void withoutTimestampsTheyAreAsOldAsTheirFiles(OldFolder recorded) throws Exception {
        Path data = recorded.copyTo(folder.resolve("data"));
        for (String topic : List.of("snappy", "lz4")) {
            for (Path log : logs(data.resolve(topic + "-0"))) {
                Files.setLastModifiedTime(log, FileTime.from(Instant.parse("2017-01-01T00:00:00Z")));
            }
        }
        try (EmbeddedBroker broker = start(data);
                Admin admin = admin(broker)) {
            Map<String, String> aDay = Map.of("retention.ms", "86400000");
            set(admin, "gzip", aDay);
            set(admin, "snappy", aDay);
            await().atMost(PATIENCE).until(() -> begin(admin, "snappy") == 120);
            set(admin, "lz4", aDay);
            await().atMost(PATIENCE).until(() -> begin(admin, "lz4") == 120);
            assertThat(begin(admin, "gzip")).isEqualTo(recorded.hasTimestamps() ? 120 : 0);
        }
    }

    private static long begin(Admin admin, String topic) throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        ListOffsetsResultInfo info = admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                .partitionResult(partition)
                .get();
        return info.offset();
    }
}
