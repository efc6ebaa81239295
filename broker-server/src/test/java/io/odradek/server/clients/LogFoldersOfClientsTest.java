package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.errors.LogDirNotFoundException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Log folders as Kafka's admin client sees them, and replicas moved between them while they are written. */
@Timeout(120)
class LogFoldersOfClientsTest {
    private static final int BROKER = 0;
    private static final int WHILE_MOVING = 5_000;
    private static final TopicPartition ID = new TopicPartition("events", 0);

    @TempDir
    private Path root;

    private EmbeddedBroker start() {
        return start("interval");
    }

    private EmbeddedBroker start(String flushPolicy) {
        return EmbeddedBroker.builder()
                .setting("log.flush.policy", flushPolicy)
                .setting("log.dirs", root.resolve("one") + "," + root.resolve("two"))
                .setting("log.segment.bytes", "100000")
                .start();
    }

    private static Map<String, Object> client(EmbeddedBroker broker) {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    private static Map<String, LogDirDescription> described(Admin admin)
            throws InterruptedException, ExecutionException {
        return admin.describeLogDirs(List.of(BROKER)).allDescriptions().get().get(BROKER);
    }

    @Test
    void partitionsAreSpreadAndDescribed() throws Exception {
        try (EmbeddedBroker broker = start();
                Admin admin = Admin.create(client(broker))) {
            admin.createTopics(List.of(new NewTopic("events", 4, (short) 1)))
                    .all()
                    .get();
            Map<String, LogDirDescription> folders = described(admin);
            assertThat(folders)
                    .containsOnlyKeys(
                            root.resolve("one").toString(), root.resolve("two").toString());
            for (LogDirDescription folder : folders.values()) {
                assertThat(folder.error()).isNull();
                assertThat(folder.replicaInfos()).hasSize(2);
                assertThat(folder.totalBytes().orElseThrow())
                        .isGreaterThan(folder.usableBytes().orElseThrow());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"interval", "commit"})
    void aReplicaIsMovedWhileItIsWrittenAndRead(String flushPolicy) throws Exception {
        try (EmbeddedBroker broker = start(flushPolicy);
                Admin admin = Admin.create(client(broker));
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(client(broker), new StringSerializer(), new StringSerializer())) {
            admin.createTopics(List.of(new NewTopic("events", 1, (short) 1)))
                    .all()
                    .get();
            String value = "x".repeat(400);
            for (int i = 0; i < WHILE_MOVING; i++) {
                producer.send(new ProducerRecord<>("events", Integer.toString(i), value));
            }
            producer.flush();
            String from = folderOf(described(admin));
            String to = root.resolve(from.endsWith("one") ? "two" : "one").toString();
            Map<TopicPartitionReplica, String> wish = Map.of(new TopicPartitionReplica("events", 0, BROKER), to);
            admin.alterReplicaLogDirs(wish).all().get();
            int sent = WHILE_MOVING;
            Future<?> last = null;
            while (!folderOf(described(admin)).equals(to) || sent < 2 * WHILE_MOVING) {
                for (int i = 0; i < 100; i++) {
                    last = producer.send(new ProducerRecord<>("events", Integer.toString(sent++), value));
                }
                last.get();
            }
            expectAll(broker, sent);
        }
        try (Stream<Path> left = Files.list(root.resolve("one"));
                Stream<Path> right = Files.list(root.resolve("two"))) {
            assertThat(Stream.concat(left, right)
                            .map(path -> path.getFileName().toString())
                            .filter(name -> name.startsWith("events")))
                    .containsExactly("events-0");
        }
    }

    private static String folderOf(Map<String, LogDirDescription> folders) {
        for (Map.Entry<String, LogDirDescription> folder : folders.entrySet()) {
            ReplicaInfo replica = folder.getValue().replicaInfos().get(ID);
            if (replica != null && !replica.isFuture()) {
                return folder.getKey();
            }
        }
        throw new AssertionError("The partition is in none of " + folders);
    }

    private static void expectAll(EmbeddedBroker broker, int count) {
        Map<String, Object> settings = new HashMap<>(client(broker));
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(ID));
            consumer.seekToBeginning(List.of(ID));
            int next = 0;
            while (next < count) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    assertThat(record.key()).isEqualTo(Integer.toString(next));
                    assertThat(record.offset()).isEqualTo(next++);
                }
            }
            assertThat(consumer.endOffsets(List.of(ID))).containsEntry(ID, (long) count);
        }
    }

    @Test
    void aFolderThatIsNotOneOfTheBrokersIsRefused() throws Exception {
        try (EmbeddedBroker broker = start();
                Admin admin = Admin.create(client(broker))) {
            admin.createTopics(List.of(new NewTopic("events", 1, (short) 1)))
                    .all()
                    .get();
            Map<TopicPartitionReplica, String> wish = Map.of(
                    new TopicPartitionReplica("events", 0, BROKER),
                    root.resolve("three").toString());
            assertThatThrownBy(() -> admin.alterReplicaLogDirs(wish).all().get())
                    .hasCauseInstanceOf(LogDirNotFoundException.class);
        }
    }
}
