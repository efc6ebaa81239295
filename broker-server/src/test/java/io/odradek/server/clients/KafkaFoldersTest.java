package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Log folders change hands between this broker and Apache Kafka 3.9.2. */
@Timeout(300)
class KafkaFoldersTest {
    private static final int RECORDS = 10_000;

    @TempDir
    Path folder;

    @Test
    void aFolderThatKafkaWroteIsServed() throws Exception {
        Path data = folder.resolve("kafkas");
        Peer peer = new Peer("3.9.2", folder.resolve("peer"));
        try (RunningKafka kafka = RunningKafka.start(peer, folder.resolve("peer"), data)) {
            fill(kafka.bootstrapServers());
        }
        try (EmbeddedBroker broker = EmbeddedBroker.builder().logFolder(data).start()) {
            assertFilled(broker.bootstrapServers());
        }
    }

    @Test
    void aFolderThatKafkaLeftWhenKilledIsServed() throws Exception {
        Path data = folder.resolve("killed");
        Peer peer = new Peer("3.9.2", folder.resolve("peer"));
        try (RunningKafka kafka = RunningKafka.start(peer, folder.resolve("peer"), data)) {
            fill(kafka.bootstrapServers());
            kafka.kill();
        }
        try (EmbeddedBroker broker = EmbeddedBroker.builder().logFolder(data).start()) {
            assertFilled(broker.bootstrapServers());
        }
    }

    private static void fill(String bootstrapServers) throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic("moved", 2, (short) 1)))
                    .all()
                    .get();
        }
        String[] codecs = {"none", "gzip", "snappy", "lz4", "zstd"};
        for (int c = 0; c < codecs.length; c++) {
            Map<String, Object> settings = Map.of(
                    "bootstrap.servers",
                    bootstrapServers,
                    "compression.type",
                    codecs[c],
                    "batch.size",
                    1000,
                    "linger.ms",
                    2);
            try (KafkaProducer<String, String> producer =
                    new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
                for (int i = c; i < RECORDS; i += codecs.length) {
                    producer.send(new ProducerRecord<>("moved", i % 2, "k" + i, "v" + i + "-".repeat(i % 200)));
                }
            }
        }
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers, "group.id", "movers");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition("moved", 0)));
            consumer.commitSync(Map.of(new TopicPartition("moved", 0), new OffsetAndMetadata(321, "note")));
        }
    }

    private static void assertFilled(String bootstrapServers) throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrapServers, "group.id", "movers", "auto.offset.reset", "earliest");
        Map<String, String> found = new HashMap<>();
        TopicPartition first = new TopicPartition("moved", 0);
        List<TopicPartition> partitions = List.of(first, new TopicPartition("moved", 1));
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            assertThat(consumer.committed(Set.of(first)).get(first)).isEqualTo(new OffsetAndMetadata(321, "note"));
            WholeRead.of(
                    consumer,
                    partitions,
                    record ->
                            assertThat(found.put(record.key(), record.value())).isNull());
        }
        assertThat(found).hasSize(RECORDS);
        for (int i = 0; i < RECORDS; i++) {
            assertThat(found).containsEntry("k" + i, "v" + i + "-".repeat(i % 200));
        }
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrapServers, "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
            assertThat(producer.send(new ProducerRecord<>("moved", 0, "next", "one"))
                            .get()
                            .offset())
                    .isEqualTo(RECORDS / 2);
        }
    }
}
