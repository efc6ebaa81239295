package io.odradek.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.config.ConfigException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
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
                        .setting("zookeeper.set.acl", "true")
                        .start())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("zookeeper.set.acl");
    }

    @Test
    void aCloserThatIsInterruptedStillLeavesTheMark(@TempDir Path folder) {
        EmbeddedBroker broker = EmbeddedBroker.builder().logFolder(folder).start();
        Thread.currentThread().interrupt();
        broker.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(folder.resolve(".kafka_cleanshutdown")).exists();
    }

    @Test
    void aBuilderStartsAnyNumberAndTheyAreClosedByAnyNumber() throws Exception {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
        for (int round = 0; round < 10; round++) {
            try (EmbeddedBroker one = builder.start();
                    EmbeddedBroker two = builder.start()) {
                assertThat(one.logFolder()).isNotEqualTo(two.logFolder());
                List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
                List<Thread> closers = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    Thread closer = new Thread(one::close);
                    closer.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
                    closers.add(closer);
                    closer.start();
                }
                for (Thread closer : closers) {
                    closer.join();
                }
                assertThat(failures).isEmpty();
                assertThat(one.logFolder()).doesNotExist();
                assertThat(two.logFolder()).exists();
            }
        }
    }

    @Test
    void startsThatFailLeaveNothingBehind(@TempDir Path folder) {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().logFolder(folder).start()) {
            int port = Integer.parseInt(broker.bootstrapServers().split(":")[1]);
            Set<Thread> threadsBefore = threads();
            for (int round = 0; round < 50; round++) {
                EmbeddedBroker.Builder[] refused = {
                    EmbeddedBroker.builder().port(port),
                    EmbeddedBroker.builder().logFolder(folder),
                    EmbeddedBroker.builder().setting("max.connections.per.ip.overrides", "no such host:1")
                };
                for (EmbeddedBroker.Builder builder : refused) {
                    assertThatThrownBy(builder::start).isInstanceOf(RuntimeException.class);
                }
            }
            Set<Thread> left = threads();
            left.removeAll(threadsBefore);
            left.removeIf(thread -> !thread.getName().startsWith("odradek-"));
            assertThat(left).isEmpty();
        }
    }

    @Test
    void anAddressOfTheNewerKindIsInBrackets() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                .setting("listeners", "PLAINTEXT://[::1]:0")
                .start()) {
            assertThat(broker.bootstrapServers()).startsWith("[").contains("]:");
            send(broker, "one");
        }
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
