package io.odradek.server.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A segment's file that somebody deletes under a broker with one log folder: the broker and its other partitions go on. */
@Timeout(120)
class MissingSegmentTest {
    private static final String TOPIC = "t";
    private static final int RECORDS = 200;

    @TempDir
    Path root;

    private final NumberedRecords damaged = new NumberedRecords(TOPIC, 0);
    private final NumberedRecords whole = new NumberedRecords(TOPIC, 1);

    private EmbeddedBroker start() {
        return EmbeddedBroker.builder()
                .setting("log.dirs", root.toString())
                .setting("log.segment.bytes", "20000")
                .start();
    }

    @Test
    void itsPartitionIsOfflineUntilARestartServesWhatIsLeft() throws Exception {
        try (EmbeddedBroker broker = start()) {
            String bootstrap = broker.bootstrapServers();
            NumberedRecords.createTopic(bootstrap, TOPIC, 2);
            assertThat(damaged.send(bootstrap, RECORDS)).isEqualTo(RECORDS);
            assertThat(whole.send(bootstrap, RECORDS)).isEqualTo(RECORDS);
        }
        try (EmbeddedBroker broker = start()) {
            String bootstrap = broker.bootstrapServers();
            Path missing = segments().get(1);
            Files.delete(missing);
            readUntilOffline(bootstrap);
            assertThat(missing).doesNotExist();
            assertThat(broker.failure()).isEmpty();
            assertThat(whole.send(bootstrap, 10)).isEqualTo(10);
            assertThat(whole.missing(bootstrap)).isEmpty();
        }
        try (EmbeddedBroker broker = start()) {
            assertThat(damaged.missing(broker.bootstrapServers())).hasSizeBetween(1, RECORDS / 2);
            assertThat(damaged.send(broker.bootstrapServers(), 10)).isEqualTo(10);
            assertThat(whole.missing(broker.bootstrapServers())).isEmpty();
        }
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(TOPIC + "-0"))) {
            List<Path> segments = files.filter(path -> path.toString().endsWith(".log"))
                    .sorted()
                    .toList();
            assertThat(segments).hasSizeGreaterThan(3);
            return segments;
        }
    }

    private static void readUntilOffline(String bootstrap) throws Exception {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        try (Admin admin = NumberedRecords.admin(bootstrap);
                KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);
            while (admin.describeTopics(List.of(TOPIC))
                            .allTopicNames()
                            .get()
                            .get(TOPIC)
                            .partitions()
                            .get(0)
                            .leader()
                    != null) {
                consumer.poll(Duration.ofMillis(100));
            }
        }
    }
}
