package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Compacted topics as clients see them, and as Apache Kafka 3.9.2 finds them in the folder, and the other way round. */
@Timeout(300)
class CompactionWithKafkaTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final TopicPartition KEYED = new TopicPartition("keyed", 0);
    private static final int KEYS = 50;
    private static final String[] CLEANING = {
        "log.cleaner.backoff.ms=100",
        "log.cleaner.dedupe.buffer.size=2097152",
        "log.cleanup.policy=compact",
        "log.cleaner.min.cleanable.ratio=0.01",
        "log.cleaner.delete.retention.ms=0",
        "log.segment.delete.delay.ms=0",
        "log.segment.bytes=4096"
    };

    @TempDir
    Path folder;

    private EmbeddedBroker startOurs(Path data) {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder().logFolder(data);
        for (String setting : CLEANING) {
            int equals = setting.indexOf('=');
            builder.setting(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return builder.start();
    }

    private static Admin admin(String servers) {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", servers));
    }

    private static void create(String servers, Map<String, String> settings) throws Exception {
        try (Admin admin = admin(servers)) {
            admin.createTopics(List.of(new NewTopic(KEYED.topic(), 1, (short) 1).configs(settings)))
                    .all()
                    .get();
        }
    }

    private static KafkaProducer<String, String> producer(String servers, Map<String, Object> more) {
        Map<String, Object> settings = new TreeMap<>(more);
        // Each of the two clusters would begin to number producers at 0.
        settings.put("enable.idempotence", more.containsKey("transactional.id"));
        settings.put("bootstrap.servers", servers);
        settings.put("batch.size", 700);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /** Many values of each key in all codecs, then the end of every tenth key. */
    private static TreeMap<String, String> fill(String servers, int round) {
        TreeMap<String, String> last = new TreeMap<>();
        for (String codec : new String[] {"none", "zstd", "lz4", "gzip", "snappy"}) {
            try (KafkaProducer<String, String> producer = producer(servers, Map.of("compression.type", codec))) {
                for (int i = 0; i < 400; i++) {
                    send(producer, last, "k" + i % KEYS, codec + round + "-" + i);
                }
            }
        }
        try (KafkaProducer<String, String> producer = producer(servers, Map.of())) {
            for (int i = 0; i < KEYS; i += 10) {
                producer.send(new ProducerRecord<>(KEYED.topic(), 0, "k" + i, null));
                last.remove("k" + i);
            }
            closeSegment(producer, last);
        }
        return last;
    }

    /** Transactions that abort, and some that do not. */
    private static void fillInTransactions(String servers, TreeMap<String, String> last) {
        try (KafkaProducer<String, String> producer = producer(servers, Map.of("transactional.id", "t"))) {
            producer.initTransactions();
            for (int i = 0; i < 6; i++) {
                producer.beginTransaction();
                send(producer, i % 2 == 0 ? new TreeMap<>() : last, "k" + i, "in transaction " + i);
                if (i % 2 == 0) {
                    producer.flush();
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
    }

    private static void send(
            KafkaProducer<String, String> producer, Map<String, String> last, String key, String value) {
        producer.send(new ProducerRecord<>(KEYED.topic(), 0, key, value));
        last.put(key, value);
    }

    private static List<ConsumerRecord<String, String>> read(String servers) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", servers, "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(KEYED));
            consumer.seekToBeginning(List.of(KEYED));
            long end = consumer.endOffsets(List.of(KEYED)).get(KEYED);
            while (consumer.position(KEYED) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    private static Map<String, String> values(List<ConsumerRecord<String, String>> records) {
        Map<String, String> values = new LinkedHashMap<>();
        long offset = -1;
        for (ConsumerRecord<String, String> record : records) {
            assertThat(record.offset()).isGreaterThan(offset);
            offset = record.offset();
            if (record.value() == null) {
                values.remove(record.key());
            } else {
                values.put(record.key(), record.value());
            }
        }
        return values;
    }

    /** Each key once, but for the one that is written on, and no tombstone. */
    private static boolean isCleaned(List<ConsumerRecord<String, String>> records) {
        return records.stream().filter(record -> !record.key().equals("last")).count() == KEYS - KEYS / 10
                && records.stream().noneMatch(record -> record.value() == null);
    }

    /** Goes on writing one key, as tombstones go with the cleaning after the one that has met them first. */
    private static void awaitCleaned(String servers, Map<String, String> last) {
        try (KafkaProducer<String, String> producer = producer(servers, Map.of())) {
            await().atMost(LIMIT).until(() -> {
                closeSegment(producer, last);
                List<ConsumerRecord<String, String>> records = read(servers);
                assertThat(values(records)).containsExactlyInAnyOrderEntriesOf(last);
                return isCleaned(records);
            });
        }
    }

    private static void closeSegment(KafkaProducer<String, String> producer, Map<String, String> last) {
        for (int i = 0; i < 60; i++) {
            send(producer, last, "last", "x".repeat(60) + i);
        }
        producer.flush();
    }

    @Test
    void theLastValueOfEachKeyStaysHereAndInKafkaAndHereAgain() throws Exception {
        Path data = folder.resolve("data");
        Map<String, String> last;
        try (EmbeddedBroker broker = startOurs(data)) {
            create(broker.bootstrapServers(), Map.of("segment.bytes", "4096"));
            last = fill(broker.bootstrapServers(), 1);
            awaitCleaned(broker.bootstrapServers(), last);
        }
        Peer peer = new Peer("3.9.2", folder.resolve("peer"));
        assertDumped(peer, data.resolve("keyed-0"));
        makeFolderOfNoCluster(data);
        String[] settings = Stream.concat(
                        Stream.of(CLEANING),
                        Stream.of(
                                "transaction.state.log.num.partitions=1",
                                "transaction.state.log.replication.factor=1",
                                "transaction.state.log.min.isr=1"))
                .toArray(String[]::new);
        try (RunningKafka kafka = RunningKafka.start(peer, folder.resolve("peer"), data, settings)) {
            create(kafka.bootstrapServers(), Map.of("segment.bytes", "4096"));
            Map<String, String> kept = last;
            await().atMost(LIMIT)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(values(read(kafka.bootstrapServers())))
                            .containsExactlyInAnyOrderEntriesOf(kept));
            TreeMap<String, String> committed = new TreeMap<>();
            fillInTransactions(kafka.bootstrapServers(), committed);
            committed.putAll(fill(kafka.bootstrapServers(), 2));
            last = committed;
            fillInTransactions(kafka.bootstrapServers(), committed);
            awaitCleaned(kafka.bootstrapServers(), last);
        }
        try (EmbeddedBroker broker = startOurs(data)) {
            assertThat(values(read(broker.bootstrapServers()))).containsExactlyInAnyOrderEntriesOf(last);
            try (Admin admin = admin(broker.bootstrapServers())) {
                // What is found without its settings is kept as it is until they are given again.
                alter(admin, Map.of("segment.bytes", "4096"));
            }
            last = fill(broker.bootstrapServers(), 3);
            awaitCleaned(broker.bootstrapServers(), last);
        }
    }

    @Test
    void aTopicIsCompactedWhenItsSettingsSaySo() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                        .setting("log.cleaner.backoff.ms", "50")
                        .start();
                Admin admin = admin(broker.bootstrapServers())) {
            String servers = broker.bootstrapServers();
            create(servers, Map.of("segment.bytes", "4096", "delete.retention.ms", "0"));
            Map<String, String> last = fill(servers, 1);
            int before = read(servers).size();
            assertThat(before).isGreaterThan(2_000);
            alter(admin, Map.of("cleanup.policy", "compact,delete", "min.cleanable.dirty.ratio", "0.01"));
            awaitCleaned(servers, last);
            alter(admin, Map.of("cleanup.policy", "delete"));
            try (KafkaProducer<String, String> producer = producer(servers, Map.of())) {
                for (int i = 0; i < 500; i++) {
                    producer.send(new ProducerRecord<>(KEYED.topic(), 0, "again", "v" + i));
                }
            }
            assertThat(read(servers).stream().filter(record -> record.key().equals("again")))
                    .hasSize(500);
        }
    }

    private static void alter(Admin admin, Map<String, String> settings) throws Exception {
        List<AlterConfigOp> changes = new ArrayList<>();
        settings.forEach((name, value) ->
                changes.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)));
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, KEYED.topic()), changes))
                .all()
                .get();
    }

    private static void assertDumped(Peer peer, Path partition) throws Exception {
        List<Path> files;
        try (Stream<Path> found = Files.list(partition)) {
            files = found.filter(file -> file.toString().endsWith(".log")
                            || file.toString().endsWith(".index")
                            || file.toString().endsWith(".timeindex")
                            || file.toString().endsWith(".txnindex"))
                    .sorted()
                    .toList();
        }
        StringBuilder names = new StringBuilder();
        for (Path file : files) {
            names.append(names.length() == 0 ? "" : ",").append(file);
        }
        Finished dumped = Finished.run(
                peer.java("kafka.tools.DumpLogSegments", "--deep-iteration", "--files", names.toString()), "", LIMIT);
        assertThat(dumped.status()).as(dumped.errors()).isZero();
        assertThat(dumped.output())
                .contains("isvalid: true")
                .doesNotContain("isvalid: false")
                .doesNotContain("Found timestamp mismatch")
                .doesNotContain("Found out of order timestamp")
                .doesNotContain("Index offset")
                .doesNotContain("Mismatches in");
    }

    /** Kafka would refuse the folder of another cluster, and the logs of other topics of the same names. */
    private static void makeFolderOfNoCluster(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.equals("meta.properties")
                        || name.equals("partition.metadata")
                        || name.startsWith("coordination.")) {
                    Files.delete(file);
                }
            }
        }
    }
}
