package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Records are deleted with Kafka's own tool, and by retention; then Apache Kafka 3.9.2 serves what is left. */
@Timeout(300)
class DeleteRecordsWithKafkaTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final TopicPartition ASKED = new TopicPartition("asked", 0);
    private static final TopicPartition SIZED = new TopicPartition("sized", 0);
    private static final int RECORDS = 1_000;

    @TempDir
    Path folder;

    @Test
    void kafkasToolDeletesRecordsAndKafkaServesTheShortenedLogs() throws Exception {
        Path data = folder.resolve("data");
        Peer peer = new Peer("3.9.2", folder.resolve("peer"));
        long sizedStart;
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                .logFolder(data)
                .setting("log.retention.check.interval.ms", "100")
                .setting("log.initial.task.delay.ms", "0")
                .start()) {
            fill(broker.bootstrapServers());
            Finished deleted = deleteRecords(peer, broker.bootstrapServers(), 321);
            assertThat(deleted.output()).contains("partition: asked-0").contains("low_watermark: 321");
            sizedStart = awaitRetention(broker.bootstrapServers(), data);
        }
        makeFolderOfNoCluster(data);
        try (RunningKafka kafka = RunningKafka.start(peer, folder.resolve("peer"), data)) {
            try (Admin admin = admin(kafka.bootstrapServers())) {
                createTopics(admin);
                await().atMost(LIMIT).ignoreExceptions().until(() -> earliest(admin, ASKED) == 321);
                assertThat(earliest(admin, SIZED)).isEqualTo(sizedStart);
            }
            assertReads(kafka.bootstrapServers(), ASKED, 321);
            assertReads(kafka.bootstrapServers(), SIZED, sizedStart);
        }
    }

    private static Admin admin(String servers) {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", servers));
    }

    private static void createTopics(Admin admin) throws Exception {
        Map<String, String> small = Map.of("segment.bytes", "4000");
        Map<String, String> sized = Map.of("segment.bytes", "4000", "retention.bytes", "20000");
        admin.createTopics(List.of(
                        new NewTopic(ASKED.topic(), 1, (short) 1).configs(small),
                        new NewTopic(SIZED.topic(), 1, (short) 1).configs(sized)))
                .all()
                .get();
    }

    private static void fill(String servers) throws Exception {
        try (Admin admin = admin(servers);
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", servers, "batch.size", 500),
                        new StringSerializer(),
                        new StringSerializer())) {
            createTopics(admin);
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(ASKED.topic(), 0, "k" + i, "v".repeat(i % 100)));
                producer.send(new ProducerRecord<>(SIZED.topic(), 0, "k" + i, "v".repeat(i % 100)));
            }
        }
    }

    private Finished deleteRecords(Peer peer, String servers, long before) throws Exception {
        Path file = folder.resolve("offsets.json");
        Files.writeString(
                file,
                "{\"version\":1,\"partitions\":[{\"topic\":\"asked\",\"partition\":0,\"offset\":" + before + "}]}");
        Finished finished = Finished.run(
                peer.java(
                        "org.apache.kafka.tools.DeleteRecordsCommand",
                        "--bootstrap-server",
                        servers,
                        "--offset-json-file",
                        file.toString()),
                "",
                LIMIT);
        assertThat(finished.status()).as(finished.errors()).isZero();
        return finished;
    }

    /** {@return where the partition begins that is kept at its size} */
    private static long awaitRetention(String servers, Path data) throws Exception {
        await().atMost(LIMIT).until(() -> logBytes(data.resolve("sized-0")) < 24_000);
        await().atMost(LIMIT).until(() -> firstSegment(data.resolve("asked-0")) > 0);
        try (Admin admin = admin(servers)) {
            return earliest(admin, SIZED);
        }
    }

    private static List<Path> logs(Path partition) throws IOException {
        try (Stream<Path> files = Files.list(partition)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    private static long logBytes(Path partition) throws IOException {
        long sum = 0;
        for (Path file : logs(partition)) {
            sum += Files.exists(file) ? Files.size(file) : 0;
        }
        return sum;
    }

    private static long firstSegment(Path partition) throws IOException {
        return Long.parseLong(logs(partition).get(0).getFileName().toString().substring(0, 20));
    }

    private static long earliest(Admin admin, TopicPartition partition) throws Exception {
        return admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                .partitionResult(partition)
                .get()
                .offset();
    }

    /** Kafka would refuse the folder of another cluster, and the logs of other topics of the same names. */
    private static void makeFolderOfNoCluster(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.equals("meta.properties") || name.equals("partition.metadata")) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void assertReads(String servers, TopicPartition partition, long start) {
        List<String> keys = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", servers, "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (consumer.position(partition) < RECORDS) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    assertThat(record.key()).isEqualTo("k" + record.offset());
                    keys.add(record.key());
                }
            }
        }
        assertThat(keys).hasSize((int) (RECORDS - start)).startsWith("k" + start);
    }
}
