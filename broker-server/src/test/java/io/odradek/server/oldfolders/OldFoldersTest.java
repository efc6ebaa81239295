package io.odradek.server.oldfolders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.odradek.server.clients.BrokerLines;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.inspect.StoredRecord;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Log folders with records of magic 0 and 1, written by Apache Kafka 0.10.2.2 and by 3.9.2 with the settings of those days, served by a
 * broker that is alone. They have been recorded once; {@code -Dold.record=true} has Kafka make them anew.
 */
@Timeout(300)
class OldFoldersTest {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    static List<OldFolder> all() {
        return OldFolder.ALL;
    }

    @Test
    @EnabledIfSystemProperty(named = "old.record", matches = "true")
    void record() throws Exception {
        for (OldFolder recorded : OldFolder.ALL) {
            new OldRecorder(recorded, folder.resolve(recorded.toString())).record();
        }
    }

    private static EmbeddedBroker start(Path data) {
        return EmbeddedBroker.builder()
                .logFolder(data)
                .setting("offsets.retention.minutes", "1000000000")
                .setting("log.segment.bytes", "4096")
                .start();
    }

    private static Set<String> topics(OldFolder recorded) throws Exception {
        return recorded.contents().stream().map(ReadRecord::topic).collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyRecordIsRead(OldFolder recorded) throws Exception {
        Path data = recorded.copyTo(folder.resolve("data"));
        try (BrokerLines lines = new BrokerLines();
                EmbeddedBroker broker = start(data)) {
            assertThat(ReadRecord.all(broker.bootstrapServers(), topics(recorded)))
                    .isEqualTo(recorded.contents().stream()
                            .sorted((a, b) -> a.topic().compareTo(b.topic()))
                            .toList());
            for (String topic : topics(recorded)) {
                assertThat(broker.records(topic))
                        .extracting(
                                StoredRecord::offset, StoredRecord::timestampMs, StoredRecord::key, StoredRecord::value)
                        .containsExactlyElementsOf(recorded.contents(topic).stream()
                                .map(record ->
                                        tuple(record.offset(), record.timestampMs(), record.key(), record.value()))
                                .toList());
            }
            assertThat(lines.warnings("").stream()
                            .filter(line -> !line.contains("are not known"))
                            .toList())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void readersBeginAnywhere(OldFolder recorded) throws Exception {
        Path data = recorded.copyTo(folder.resolve("data"));
        try (EmbeddedBroker broker = start(data);
                KafkaConsumer<String, String> consumer =
                        ReadRecord.consumer(broker.bootstrapServers(), Map.of("fetch.max.bytes", 1))) {
            for (String topic : topics(recorded)) {
                List<ReadRecord> expected = recorded.contents(topic);
                TopicPartition partition = new TopicPartition(topic, 0);
                consumer.assign(List.of(partition));
                long offset = 0;
                for (ReadRecord record : expected) {
                    for (; offset <= record.offset(); offset++) {
                        // Each folder has others.
                        if (offset % OldFolder.ALL.size() == OldFolder.ALL.indexOf(recorded)) {
                            consumer.seek(partition, offset);
                            assertThat(first(consumer))
                                    .as(topic + " from offset " + offset)
                                    .isEqualTo(record);
                        }
                    }
                }
                assertThat(consumer.endOffsets(List.of(partition)).get(partition))
                        .isGreaterThanOrEqualTo(offset);
            }
        }
    }

    private static ReadRecord first(KafkaConsumer<String, String> consumer) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                return ReadRecord.of(record);
            }
        }
        throw new AssertionError("Nothing is read");
    }

    @ParameterizedTest
    @MethodSource("all")
    void recordsAreFoundByTheirTimes(OldFolder recorded) throws Exception {
        Path data = recorded.copyTo(folder.resolve("data"));
        try (EmbeddedBroker broker = start(data);
                KafkaConsumer<String, String> consumer = ReadRecord.consumer(broker.bootstrapServers(), Map.of())) {
            for (String topic : topics(recorded)) {
                List<ReadRecord> expected = recorded.contents(topic);
                TopicPartition partition = new TopicPartition(topic, 0);
                Set<Long> times = expected.stream().map(ReadRecord::timestampMs).collect(Collectors.toSet());
                times.add(1L);
                times.add(1_480_000_000_500L);
                times.add(Long.MAX_VALUE);
                times.remove(-1L);
                for (long time : times) {
                    OffsetAndTimestamp found =
                            consumer.offsetsForTimes(Map.of(partition, time)).get(partition);
                    ReadRecord first = expected.stream()
                            .filter(record -> record.timestampMs() >= time)
                            .findFirst()
                            .orElse(null);
                    assertThat(found == null ? null : found.offset() + " " + found.timestamp())
                            .as(topic + " at " + time)
                            .isEqualTo(first == null ? null : first.offset() + " " + first.timestampMs());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void groupsGoOnWhereTheyWere(OldFolder recorded) throws Exception {
        Path data = recorded.copyTo(folder.resolve("data"));
        try (EmbeddedBroker broker = start(data);
                Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()))) {
            assertThat(positions(admin, "readers"))
                    .containsOnly(Map.entry("none", "50 noted"), Map.entry("gzip", "7 noted-too"));
            assertThat(positions(admin, "stayers")).containsOnly(Map.entry("snappy", "3 "));
            ConsumerGroupDescription stayers =
                    admin.describeConsumerGroups(List.of("stayers")).all().get().get("stayers");
            assertThat(stayers.partitionAssignor()).isEqualTo("range");
            assertThat(stayers.members()).singleElement().satisfies(member -> {
                assertThat(member.host()).isEqualTo("/127.0.0.1");
                assertThat(member.assignment().topicPartitions()).containsExactly(new TopicPartition("snappy", 0));
            });
        }
    }

    private static Map<String, String> positions(Admin admin, String group) throws Exception {
        Map<String, String> found = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> positions = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        positions.forEach(
                (partition, position) -> found.put(partition.topic(), position.offset() + " " + position.metadata()));
        return found;
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsAppendedStandsBehindThem(OldFolder recorded) throws Exception {
        Path data = recorded.copyTo(folder.resolve("data"));
        List<ReadRecord> expected = new ArrayList<>();
        try (EmbeddedBroker broker = start(data)) {
            for (String topic : topics(recorded)) {
                expected.addAll(recorded.contents(topic));
                append(broker.bootstrapServers(), topic, expected);
            }
            assertThat(ReadRecord.all(broker.bootstrapServers(), topics(recorded)))
                    .isEqualTo(expected);
        }
        try (EmbeddedBroker broker = start(data)) {
            assertThat(ReadRecord.all(broker.bootstrapServers(), topics(recorded)))
                    .isEqualTo(expected);
        }
    }

    private static void append(String bootstrapServers, String topic, List<ReadRecord> expected) throws Exception {
        boolean stamped = topic.equals("appended");
        for (String codec : List.of("none", "zstd")) {
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                    Map.<String, Object>of("bootstrap.servers", bootstrapServers, "compression.type", codec),
                    new StringSerializer(),
                    new StringSerializer())) {
                for (int i = 0; i < 10; i++) {
                    ProducerRecord<String, String> record =
                            new ProducerRecord<>(topic, 0, 1_490_000_000_000L + i, "key" + i, codec + i);
                    record.headers().add(new RecordHeader("h", new byte[] {1}));
                    var sent = producer.send(record).get();
                    expected.add(new ReadRecord(
                            topic,
                            sent.offset(),
                            stamped && sent.timestamp() != record.timestamp() ? "LogAppendTime" : "CreateTime",
                            sent.timestamp(),
                            record.key(),
                            record.value()));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void afterAKillWhatIsWholeIsKept(OldFolder recorded) throws Exception {
        Path data = recorded.copyTo(folder.resolve("data"));
        Files.delete(data.resolve(".kafka_cleanshutdown"));
        for (String name : List.of("recovery-point-offset-checkpoint", "replication-offset-checkpoint")) {
            Files.delete(data.resolve(name));
        }
        for (String topic : OldFolder.CODECS) {
            Path log = lastLog(data.resolve(topic + "-0"));
            // Half a message, as a kill leaves it.
            byte[] whole = Files.readAllBytes(log);
            Files.write(log, Arrays.copyOf(whole, 60), StandardOpenOption.APPEND);
        }
        cut(lastLog(data.resolve("upgraded-0")));
        List<ReadRecord> expected = new ArrayList<>();
        for (String topic : topics(recorded)) {
            expected.addAll(recorded.contents(topic));
        }
        for (int round = 0; round < 2; round++) {
            try (EmbeddedBroker broker = start(data)) {
                List<ReadRecord> found = ReadRecord.all(broker.bootstrapServers(), topics(recorded));
                assertThat(found.stream().filter(record -> !record.topic().equals("upgraded")))
                        .isEqualTo(expected.stream()
                                .filter(record -> !record.topic().equals("upgraded"))
                                .toList());
                List<ReadRecord> upgraded = recorded.contents("upgraded");
                assertThat(found.stream().filter(record -> record.topic().equals("upgraded")))
                        .isNotEmpty()
                        .hasSizeLessThan(upgraded.size())
                        .allMatch(upgraded::contains);
            }
            Files.deleteIfExists(data.resolve(".kafka_cleanshutdown"));
            deleteIndexes(data);
        }
    }

    private static Path lastLog(Path partition) throws Exception {
        try (Stream<Path> files = Files.list(partition)) {
            return files.filter(file ->
                            file.toString().endsWith(".log") && file.toFile().length() > 0)
                    .sorted()
                    .reduce((first, second) -> second)
                    .orElseThrow();
        }
    }

    private static void cut(Path log) throws Exception {
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
            file.truncate(file.size() - 1);
        }
    }

    private static void deleteIndexes(Path data) throws Exception {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith("index")).toList()) {
                Files.delete(file);
            }
        }
    }
}
