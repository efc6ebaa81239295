package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.EmbeddedCluster;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterPartitionReassignmentsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Replicas that are moved (KIP-455), with each released version of the Java client that the build runs. */
@Timeout(180)
class KafkaClientsReassignmentTest {
    @TempDir
    Path folder;

    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition T1 = new TopicPartition("t", 1);

    private static Optional<NewPartitionReassignment> to(Integer... brokers) {
        return Optional.of(new NewPartitionReassignment(List.of(brokers)));
    }

    private static void awaitDone(Admin admin) {
        await("the moves end")
                .atMost(Duration.ofSeconds(90))
                .until(() ->
                        admin.listPartitionReassignments().reassignments().get().isEmpty());
    }

    private static PartitionInfo partition(EmbeddedCluster cluster, TopicPartition id) {
        try (KafkaConsumer<String, String> consumer = consumer(cluster)) {
            return consumer.partitionsFor(id.topic()).stream()
                    .filter(info -> info.partition() == id.partition())
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static KafkaConsumer<String, String> consumer(EmbeddedCluster cluster) {
        return new KafkaConsumer<>(cluster.clientProperties(), new StringDeserializer(), new StringDeserializer());
    }

    private static List<Integer> replicas(EmbeddedCluster cluster, TopicPartition id) {
        return Arrays.stream(partition(cluster, id).replicas()).map(Node::id).toList();
    }

    private static Throwable failure(Admin admin, TopicPartition id, Optional<NewPartitionReassignment> wanted)
            throws Exception {
        try {
            admin.alterPartitionReassignments(Map.of(id, wanted))
                    .values()
                    .get(id)
                    .get();
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    @Test
    void partitionsMoveUnderLoadAndNothingIsLost() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.builder(4).folder(folder).start();
                Admin admin = Admin.create(cluster.clientProperties());
                Load load = new Load(cluster)) {
            NewTopic topic = new NewTopic("t", Map.of(0, List.of(1, 2), 1, List.of(2, 1)));
            topic.configs(Map.of("min.insync.replicas", "2"));
            admin.createTopics(List.of(topic)).all().get();
            load.start();
            load.awaitMore(200);

            admin.alterPartitionReassignments(Map.of(T0, to(3, 4), T1, to(4, 1)))
                    .all()
                    .get();
            awaitDone(admin);
            assertThat(replicas(cluster, T0)).containsExactly(3, 4);
            assertThat(replicas(cluster, T1)).containsExactly(4, 1);
            load.awaitMore(200);

            admin.alterPartitionReassignments(Map.of(T0, to(1, 2, 3, 4), T1, to(4)))
                    .all()
                    .get();
            awaitDone(admin);
            assertThat(replicas(cluster, T0)).containsExactly(1, 2, 3, 4);
            assertThat(partition(cluster, T0).inSyncReplicas()).hasSize(4);
            assertThat(replicas(cluster, T1)).containsExactly(4);
            assertThat(partition(cluster, T1).leader().id()).isEqualTo(4);

            admin.alterPartitionReassignments(Map.of(T1, to(4, 2))).all().get();
            awaitDone(admin);
            load.awaitMore(200);
            load.finish();
            load.requireAllIsThere();
            for (int id = 1; id <= 4; id++) {
                assertThat(Files.exists(folder.resolve("broker-" + id).resolve("t-1")))
                        .as("a log of t-1 on %s", id)
                        .isEqualTo(id == 4 || id == 2);
            }
        }
    }

    @Test
    void whatCannotBeMovedIsRefusedWithKafkasErrors() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                Admin admin = Admin.create(broker.clientProperties())) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
            int id = admin.describeCluster().nodes().get().iterator().next().id();
            assertThat(failure(admin, T0, to(id))).as("where it is already").isNull();
            assertThat(admin.listPartitionReassignments().reassignments().get()).isEmpty();
            assertThat(failure(admin, T0, Optional.empty())).isInstanceOf(NoReassignmentInProgressException.class);
            assertThat(failure(admin, T0, to(id + 1)))
                    .isInstanceOf(InvalidReplicaAssignmentException.class)
                    .hasMessageContaining("not alive");
            assertThat(failure(admin, T0, to(id, id))).isInstanceOf(InvalidReplicaAssignmentException.class);
            assertThat(failure(admin, T0, to(-7))).isInstanceOf(InvalidReplicaAssignmentException.class);
            assertThat(failure(admin, T1, to(id))).isInstanceOf(UnknownTopicOrPartitionException.class);
            assertThat(failure(admin, new TopicPartition("none", 0), to(id)))
                    .isInstanceOf(UnknownTopicOrPartitionException.class);
            assertThat(admin.listPartitionReassignments(Set.of(T0, T1))
                            .reassignments()
                            .get())
                    .isEmpty();
        }
    }

    @Test
    void aThrottledMoveGoesOnWhenTheThrottleIsTakenAway() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.builder(2).folder(folder).start();
                Admin admin = Admin.create(cluster.clientProperties());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        cluster.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            NewTopic topic = new NewTopic("t", Map.of(0, List.of(1)));
            topic.configs(Map.of(
                    "leader.replication.throttled.replicas", "0:1",
                    "follower.replication.throttled.replicas", "0:2"));
            admin.createTopics(List.of(topic)).all().get();
            for (int i = 0; i < 20; i++) {
                producer.send(new ProducerRecord<>("t", new byte[500_000]));
            }
            producer.flush();
            throttle(admin, AlterConfigOp.OpType.SET);
            admin.alterPartitionReassignments(Map.of(T0, to(2))).all().get();
            await("some of it to be copied").atMost(Duration.ofSeconds(60)).until(() -> copied() > 0);
            TopicPartition free = new TopicPartition("free", 0);
            admin.createTopics(List.of(new NewTopic("free", Map.of(0, List.of(1)))))
                    .all()
                    .get();
            admin.alterPartitionReassignments(Map.of(free, to(2))).all().get();
            await("the end of a move that is not throttled")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> admin.listPartitionReassignments()
                            .reassignments()
                            .get()
                            .keySet()
                            .equals(Set.of(T0)));
            assertThat(copied()).isLessThan(5_000_000);
            throttle(admin, AlterConfigOp.OpType.DELETE);
            awaitDone(admin);
            assertThat(replicas(cluster, T0)).containsExactly(2);
            assertThat(copied()).isGreaterThan(10_000_000);
        }
    }

    /** {@return what broker 2 has of the partition, in bytes} */
    private long copied() throws IOException {
        Path log = folder.resolve("broker-2").resolve("t-0");
        if (!Files.exists(log)) {
            return 0;
        }
        long sizeBytes = 0;
        try (DirectoryStream<Path> segments = Files.newDirectoryStream(log, "*.log")) {
            for (Path segment : segments) {
                sizeBytes += Files.size(segment);
            }
        }
        return sizeBytes;
    }

    private static void throttle(Admin admin, AlterConfigOp.OpType operation) throws Exception {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (int broker = 1; broker <= 2; broker++) {
            changes.put(
                    new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(broker)),
                    List.of(
                            new AlterConfigOp(new ConfigEntry("leader.replication.throttled.rate", "1000"), operation),
                            new AlterConfigOp(
                                    new ConfigEntry("follower.replication.throttled.rate", "1000"), operation)));
        }
        admin.incrementalAlterConfigs(changes).all().get();
    }

    @Test
    void theNumberOfReplicasStaysWhereAClientSaysSo() throws Exception {
        assumeTrue(System.getProperty("kafka.clients.version", "4.4.0").startsWith("4."), "KIP-860");
        try (EmbeddedCluster cluster = EmbeddedCluster.builder(2).start();
                Admin admin = Admin.create(cluster.clientProperties())) {
            admin.createTopics(List.of(new NewTopic("t", Map.of(0, List.of(1)))))
                    .all()
                    .get();
            AlterPartitionReassignmentsOptions options =
                    new AlterPartitionReassignmentsOptions().allowReplicationFactorChange(false);
            assertThatThrownBy(() -> admin.alterPartitionReassignments(Map.of(T0, to(2, 1)), options)
                            .all()
                            .get())
                    .hasCauseInstanceOf(InvalidReplicationFactorException.class)
                    .hasMessageContaining("The replication factor is changed from 1 to 2");
            admin.alterPartitionReassignments(Map.of(T0, to(2)), options).all().get();
            awaitDone(admin);
            assertThat(replicas(cluster, T0)).containsExactly(2);
        }
    }

    /** Numbered records with acks=all, and what was acknowledged of them. */
    private static final class Load implements AutoCloseable {
        private final EmbeddedCluster cluster;
        private final ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
        private final AtomicReference<Exception> refused = new AtomicReference<>();
        private final Thread thread = new Thread(this::send, "load");
        private volatile boolean stopping;

        Load(EmbeddedCluster cluster) {
            this.cluster = cluster;
        }

        void start() {
            thread.start();
        }

        private void send() {
            Map<String, Object> settings = new HashMap<>(cluster.clientProperties());
            settings.put("acks", "all");
            settings.put("enable.idempotence", true);
            // With more, a producer may have some under way to the old leader and more than a broker remembers to the
            // new one.
            settings.put("max.in.flight.requests.per.connection", 2);
            try (KafkaProducer<String, String> producer =
                    new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
                for (int i = 0; !stopping; i++) {
                    String value = "v" + i;
                    producer.send(new ProducerRecord<>("t", i % 2, null, value), (metadata, error) -> {
                        if (error == null) {
                            acknowledged.add(value);
                        } else {
                            refused.compareAndSet(null, error);
                        }
                    });
                    TimeUnit.MILLISECONDS.sleep(1);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void awaitMore(int records) {
            int wanted = acknowledged.size() + records;
            await("records are taken")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> refused.get() != null || acknowledged.size() >= wanted);
            assertThat(refused.get()).isNull();
        }

        void finish() throws InterruptedException {
            stopping = true;
            thread.join();
            assertThat(refused.get()).isNull();
        }

        void requireAllIsThere() {
            List<String> read = new ArrayList<>();
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            try (KafkaConsumer<String, String> consumer = consumer(cluster)) {
                consumer.assign(List.of(T0, T1));
                consumer.seekToBeginning(List.of(T0, T1));
                while (read.size() < acknowledged.size() && System.nanoTime() < until) {
                    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                        read.add(record.value());
                    }
                }
            }
            assertThat(read).containsExactlyInAnyOrderElementsOf(acknowledged);
        }

        @Override
        public void close() {
            stopping = true;
        }
    }
}
