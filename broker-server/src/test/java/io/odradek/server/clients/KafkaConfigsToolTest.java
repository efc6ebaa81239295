package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Apache Kafka 3.9.2's {@code kafka-configs} changes a topic that is being written, and its dump tool sees what came of it. */
@Timeout(300)
class KafkaConfigsToolTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void theToolChangesATopicUnderLoad() throws Exception {
        Peer kafka = new Peer("3.9.2", folder.resolve("peer"));
        AtomicBoolean enough = new AtomicBoolean();
        Path data = folder.resolve("data");
        try (EmbeddedBroker broker = EmbeddedBroker.builder().logFolder(data).start()) {
            create(broker);
            Thread load = new Thread(() -> produceUntil(enough, broker));
            load.start();
            try {
                Finished altered = configs(
                        kafka,
                        broker,
                        "--alter",
                        "--add-config",
                        "segment.bytes=20000,compression.type=gzip,flush.ms=soon");
                assertThat(altered.output() + altered.errors())
                        .contains("Invalid value soon")
                        .contains("flush.ms");
                altered =
                        configs(kafka, broker, "--alter", "--add-config", "segment.bytes=20000,compression.type=gzip");
                assertThat(altered.output()).contains("Completed updating config for topic t.");
                Finished described = configs(kafka, broker, "--describe");
                assertThat(described.output())
                        .contains("Dynamic configs for topic t are:")
                        .contains(
                                "segment.bytes=20000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:segment.bytes=20000,"
                                        + " DEFAULT_CONFIG:log.segment.bytes=1073741824}")
                        .contains("compression.type=gzip");
            } finally {
                enough.set(true);
                load.join();
            }
        }
        List<Path> logs = logs(data);
        assertThat(logs.size()).isGreaterThan(3);
        for (Path log : logs.subList(1, logs.size())) {
            assertThat(Files.size(log)).isLessThanOrEqualTo(20_000);
        }
        Finished dumped = Finished.run(
                kafka.java(
                        "kafka.tools.DumpLogSegments", "--deep-iteration", "--files", logs.get(1) + "," + logs.get(2)),
                "",
                LIMIT);
        assertThat(dumped.output())
                .contains("compresscodec: gzip")
                .contains("isvalid: true")
                .doesNotContain("compresscodec: none");
    }

    private static void create(EmbeddedBroker broker) throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
        }
    }

    private static void produceUntil(AtomicBoolean enough, EmbeddedBroker broker) {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers(), "batch.size", 4000);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; !enough.get(); i++) {
                var sent = producer.send(new ProducerRecord<>("t", 0, "k" + i, "v" + i + "-".repeat(i % 200)));
                if (i % 50 == 0) {
                    sent.get();
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Finished configs(Peer kafka, EmbeddedBroker broker, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "--bootstrap-server", broker.bootstrapServers(), "--entity-type", "topics", "--entity-name", "t"));
        all.addAll(List.of(arguments));
        return Finished.run(kafka.java("kafka.admin.ConfigCommand", all.toArray(String[]::new)), "", LIMIT);
    }

    private static List<Path> logs(Path data) throws Exception {
        try (Stream<Path> files = Files.list(data.resolve("t-0"))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }
}
