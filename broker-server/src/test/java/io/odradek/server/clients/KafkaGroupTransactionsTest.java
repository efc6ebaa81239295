package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A folder in which Apache Kafka 3.9.2 left positions that were committed in transactions of every outcome. */
@SuppressWarnings("removal")
@Timeout(300)
class KafkaGroupTransactionsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final TopicPartition PARTITION = new TopicPartition("moved", 0);
    private static final long NO_POSITION = -1;
    private static final List<String> GROUPS = List.of("committed", "aborted", "open", "overtaken");

    @TempDir
    Path folder;

    @Test
    void positionsOfTransactionsCountWhenTheyCountWithKafka() throws Exception {
        Path data = folder.resolve("kafkas");
        writeWithKafka(new Peer("3.9.2", folder.resolve("peer")), data);

        try (EmbeddedBroker broker = EmbeddedBroker.builder().logFolder(data).start();
                Admin admin = admin(broker.bootstrapServers())) {
            assertThat(position(admin, "committed", true)).isEqualTo(100);
            assertThat(position(admin, "aborted", true)).isEqualTo(10);
            assertThat(position(admin, "overtaken", true)).isEqualTo(50);
            assertThat(position(admin, "open", false)).isEqualTo(10);
            assertThat(position(admin, "open", true))
                    .as("as with Kafka, who wants a stable position is told to wait for the transaction")
                    .isEqualTo(NO_POSITION);
            assertThatThrownBy(() ->
                            admin.deleteConsumerGroups(List.of("open")).all().get())
                    .as("what a transaction has committed for the group would be lost")
                    .hasCauseInstanceOf(GroupNotEmptyException.class);
            begin(broker.bootstrapServers(), "open").close();
            awaitPosition(admin, "open", 10);
            admin.deleteConsumerGroups(List.of("open")).all().get();
        }
        try (EmbeddedBroker broker = EmbeddedBroker.builder().logFolder(data).start();
                Admin admin = admin(broker.bootstrapServers())) {
            assertThat(admin.listConsumerGroups().all().get())
                    .extracting(group -> group.groupId())
                    .containsExactlyInAnyOrder("committed", "aborted", "overtaken");
            assertThat(position(admin, "committed", true)).isEqualTo(100);
        }
    }

    private void writeWithKafka(Peer peer, Path data) throws Exception {
        try (RunningKafka kafka = RunningKafka.start(
                        peer,
                        folder.resolve("peer"),
                        data,
                        "transaction.state.log.replication.factor=1",
                        "transaction.state.log.min.isr=1",
                        "transaction.state.log.num.partitions=1");
                Admin admin = admin(kafka.bootstrapServers())) {
            admin.createTopics(List.of(new NewTopic("moved", 1, (short) 1)))
                    .all()
                    .get();
            for (String group : GROUPS) {
                commit(admin, group, 10);
            }
            try (KafkaProducer<String, String> committing = begin(kafka.bootstrapServers(), "committed");
                    KafkaProducer<String, String> aborting = begin(kafka.bootstrapServers(), "aborted");
                    KafkaProducer<String, String> overtaken = begin(kafka.bootstrapServers(), "overtaken")) {
                commit(admin, "overtaken", 50);
                committing.commitTransaction();
                aborting.abortTransaction();
                overtaken.commitTransaction();
            }
            KafkaProducer<String, String> open = begin(kafka.bootstrapServers(), "open");
            awaitPosition(admin, "committed", 100);
            awaitPosition(admin, "aborted", 10);
            awaitPosition(admin, "overtaken", 50);
            kafka.stop();
            open.close(Duration.ZERO);
        }
    }

    private static KafkaProducer<String, String> begin(String servers, String group) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", servers, "transactional.id", group, "transaction.timeout.ms", 600_000);
        KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        producer.beginTransaction();
        producer.sendOffsetsToTransaction(
                Map.of(PARTITION, new OffsetAndMetadata(100)), new ConsumerGroupMetadata(group));
        return producer;
    }

    private static Admin admin(String servers) {
        return Admin.create(Map.<String, Object>of(
                "bootstrap.servers", servers, "default.api.timeout.ms", 10_000, "request.timeout.ms", 5_000));
    }

    private static void commit(Admin admin, String group, long offset) throws Exception {
        admin.alterConsumerGroupOffsets(group, Map.of(PARTITION, new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    private static void awaitPosition(Admin admin, String group, long offset) {
        await().atMost(LIMIT)
                .ignoreExceptionsInstanceOf(ExecutionException.class)
                .until(() -> position(admin, group, true) == offset);
    }

    /** {@return the position, or -1 if there is none that may be told} */
    private static long position(Admin admin, String group, boolean stable) throws Exception {
        OffsetAndMetadata told = admin.listConsumerGroupOffsets(
                        group, new ListConsumerGroupOffsetsOptions().requireStable(stable))
                .partitionsToOffsetAndMetadata()
                .get()
                .get(PARTITION);
        return told == null ? NO_POSITION : told.offset();
    }
}
