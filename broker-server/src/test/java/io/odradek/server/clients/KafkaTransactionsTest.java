package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A folder in which Apache Kafka 3.9.2 left committed, aborted and open transactions. */
@Timeout(300)
class KafkaTransactionsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final TopicPartition PARTITION = new TopicPartition("moved", 0);
    private static final int ROUNDS = 40;
    private static final int RECORDS = 3;
    private static final String TRANSACTIONS = ".txnindex";
    private static final String SNAPSHOT = ".snapshot";

    @TempDir
    Path folder;

    private final List<String> all = new ArrayList<>();
    private final List<String> committed = new ArrayList<>();

    @Test
    void aFolderWithTransactionsIsServedAsKafkaServesItAndItsIndexesAreRebuiltAsKafkaWroteThem() throws Exception {
        Path data = folder.resolve("kafkas");
        Peer peer = new Peer("3.9.2", folder.resolve("peer"));
        writeWithKafka(peer, data);
        Path partition = data.resolve("moved-0");
        Map<String, byte[]> indexes = contents(partition, TRANSACTIONS);
        assertThat(indexes).hasSizeGreaterThan(2);
        List<String> producers = dumpOfLastSnapshot(peer, partition);
        assertThat(producers).hasSize(3).anyMatch(line -> line.contains("currentTxnFirstOffset: "));

        assertServed(data);
        for (String suffix : List.of(TRANSACTIONS, SNAPSHOT)) {
            for (String name : contents(partition, suffix).keySet()) {
                Files.delete(partition.resolve(name));
            }
        }
        assertServed(data);

        Map<String, byte[]> rebuilt = contents(partition, TRANSACTIONS);
        assertThat(rebuilt.keySet()).isEqualTo(indexes.keySet());
        indexes.forEach((name, bytes) -> assertThat(rebuilt.get(name)).as(name).isEqualTo(bytes));
        assertThat(dumpOfLastSnapshot(peer, partition)).isEqualTo(producers);
        assertThat(dump(
                        peer,
                        rebuilt.keySet().stream()
                                .map(partition::resolve)
                                .map(Path::toString)
                                .toList()))
                .filteredOn(line -> line.contains("lastStableOffset: "))
                .hasSize(indexes.values().stream()
                                .mapToInt(bytes -> bytes.length)
                                .sum()
                        / 34);
    }

    private void writeWithKafka(Peer peer, Path data) throws Exception {
        try (RunningKafka kafka = RunningKafka.start(
                peer,
                folder.resolve("peer"),
                data,
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "transaction.state.log.num.partitions=1")) {
            String servers = kafka.bootstrapServers();
            try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", servers))) {
                NewTopic topic = new NewTopic("moved", 1, (short) 1).configs(Map.of("segment.bytes", "16384"));
                admin.createTopics(List.of(topic)).all().get();
            }
            KafkaProducer<String, String> open = producer(servers, "open");
            try (KafkaProducer<String, String> first = producer(servers, "first");
                    KafkaProducer<String, String> second = producer(servers, "second")) {
                for (int round = 0; round < ROUNDS; round++) {
                    boolean commits = round % 4 != 0;
                    first.beginTransaction();
                    send(first, "first-" + round, commits);
                    second.beginTransaction();
                    send(second, "second-" + round, !commits);
                    end(first, commits);
                    end(second, !commits);
                }
                open.beginTransaction();
                send(open, "open", false);
                first.beginTransaction();
                send(first, "after", false);
                first.commitTransaction();
                long markers = 2 * ROUNDS + 1;
                await().atMost(LIMIT).until(() -> endOffset(servers, "read_uncommitted") == all.size() + markers);
            }
            assertThat(read(servers, "read_committed")).isEqualTo(committed);
            kafka.stop();
            open.close(Duration.ZERO);
        }
    }

    private void send(KafkaProducer<String, String> producer, String name, boolean commits) {
        for (int i = 0; i < RECORDS; i++) {
            String value = name + "-" + i + "-".repeat(100);
            producer.send(new ProducerRecord<>(PARTITION.topic(), PARTITION.partition(), null, value));
            all.add(value);
            if (commits) {
                committed.add(value);
            }
        }
        producer.flush();
    }

    private static void end(KafkaProducer<String, String> producer, boolean commits) {
        if (commits) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }

    private static KafkaProducer<String, String> producer(String servers, String id) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", servers, "transactional.id", id, "transaction.timeout.ms", 600_000);
        KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    private void assertServed(Path data) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().logFolder(data).start()) {
            assertThat(read(broker.bootstrapServers(), "read_uncommitted")).isEqualTo(all);
            assertThat(read(broker.bootstrapServers(), "read_committed")).isEqualTo(committed);
        }
    }

    private static KafkaConsumer<String, String> consumer(String servers, String isolation) {
        // Small fetches, so that many of them end inside a transaction.
        Map<String, Object> settings = new HashMap<>(
                Map.of("bootstrap.servers", servers, "isolation.level", isolation, "max.partition.fetch.bytes", 2_000));
        KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
        consumer.assign(List.of(PARTITION));
        consumer.seekToBeginning(List.of(PARTITION));
        return consumer;
    }

    private static long endOffset(String servers, String isolation) {
        try (KafkaConsumer<String, String> consumer = consumer(servers, isolation)) {
            return consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
        }
    }

    private static List<String> read(String servers, String isolation) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(servers, isolation)) {
            WholeRead.of(consumer, List.of(PARTITION), record -> values.add(record.value()));
        }
        return values;
    }

    private static Map<String, byte[]> contents(Path partition, String suffix) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(partition)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(suffix)).toList()) {
                contents.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return contents;
    }

    /** {@return what Kafka's tool reads in the newest snapshot, a line for each producer} */
    private static List<String> dumpOfLastSnapshot(Peer peer, Path partition) throws Exception {
        TreeMap<String, byte[]> snapshots = new TreeMap<>(contents(partition, SNAPSHOT));
        return dump(peer, List.of(partition.resolve(snapshots.lastKey()).toString())).stream()
                .filter(line -> line.startsWith("producerId: "))
                .sorted()
                .toList();
    }

    private static List<String> dump(Peer peer, List<String> files) throws Exception {
        Finished finished =
                Finished.run(peer.java("kafka.tools.DumpLogSegments", "--files", String.join(",", files)), "", LIMIT);
        assertThat(finished.status()).as(finished.errors()).isZero();
        assertThat(finished.errors()).isEmpty();
        return finished.output().lines().toList();
    }
}
