package io.odradek.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.config.ConfigException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {
    @Test
    void aRecordGoesInAndComesOut() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            send(broker, "one");

            assertThat(readOne(broker, "group")).isEqualTo("one");
        }
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        send(warm(), "warm").close();
        Set<Thread> threadsBefore = threads();
        Properties propertiesBefore = (Properties) System.getProperties().clone();
        Path folder;
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            folder = broker.logFolder();
            send(broker, "one");
            readOne(broker, "group");
            assertThat(folder).isDirectory();
        }

        assertThat(Files.exists(folder)).isFalse();
        assertThat(System.getProperties()).isEqualTo(propertiesBefore);
        Set<String> left = new TreeSet<>();
        for (Thread thread : threads()) {
            if (!threadsBefore.contains(thread) && !thread.getName().startsWith("kafka-")) {
                left.add(thread.getName());
            }
        }
        assertThat(left).isEmpty();
    }

    @Test
    void aFolderOfOnesOwnKeepsItsRecords(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().logFolder(folder).start()) {
            send(broker, "kept");
        }
        assertThat(folder.resolve(".kafka_cleanshutdown")).exists();
        try (EmbeddedBroker broker = EmbeddedBroker.builder().logFolder(folder).start()) {
            assertThat(readOne(broker, "group")).isEqualTo("kept");
        }
    }

    @Test
    void aLockedFolderATakenPortAndABadValueAreClearErrors(@TempDir Path folder) {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().logFolder(folder).start()) {
            int port = Integer.parseInt(broker.bootstrapServers().split(":")[1]);
            assertThatThrownBy(() -> EmbeddedBroker.builder().logFolder(folder).start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(folder.toString());
            assertThatThrownBy(() -> EmbeddedBroker.builder().port(port).start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("Cannot listen on PLAINTEXT://127.0.0.1:" + port);
        }
        assertThatThrownBy(() ->
                        EmbeddedBroker.builder().setting("num.io.threads", "0").start())
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> EmbeddedBroker.builder()
                        .setting("zookeeper.connect", "localhost:2181")
                        .start())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("without ZooKeeper");
    }

    private static EmbeddedBroker warm() {
        return EmbeddedBroker.start();
    }

    private static EmbeddedBroker send(EmbeddedBroker broker, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("topic", "key", value)).get();
        }
        return broker;
    }

    private static String readOne(EmbeddedBroker broker, String group) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "group.id",
                        group,
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("topic"));
            long deadlineNs = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (System.nanoTime() < deadlineNs) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    return record.value();
                }
            }
            return null;
        }
    }

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }
}
