package io.odradek.server.embedded;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.core.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedClusterTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);

    private static KafkaProducer<String, String> producer(EmbeddedCluster cluster) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers(), "acks", "all", "delivery.timeout.ms", "60000"),
                new StringSerializer(),
                new StringSerializer());
    }

    private static void produce(EmbeddedCluster cluster, String... values) throws Exception {
        try (KafkaProducer<String, String> producer = producer(cluster)) {
            for (String value : values) {
                producer.send(new ProducerRecord<>("t", value)).get(60, SECONDS);
            }
        }
    }

    private static List<String> consume(EmbeddedCluster cluster, int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(T0));
            consumer.seekToBeginning(List.of(T0));
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
                return values.size() >= count;
            });
        }
        return values;
    }

    private static Admin admin(EmbeddedCluster cluster) {
        return Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()));
    }

    private static void createTopic(EmbeddedCluster cluster, int replicas) throws Exception {
        try (Admin admin = admin(cluster)) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) replicas)))
                    .all()
                    .get(60, SECONDS);
        }
    }

    private static TopicPartitionInfo partition(Admin admin) throws Exception {
        return admin.describeTopics(List.of("t"))
                .allTopicNames()
                .get(60, SECONDS)
                .get("t")
                .partitions()
                .get(0);
    }

    private static int leader(EmbeddedCluster cluster) throws Exception {
        try (Admin admin = admin(cluster)) {
            return partition(admin).leader().id();
        }
    }

    private static void awaitInSync(EmbeddedCluster cluster, int replicas) {
        try (Admin admin = admin(cluster)) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> partition(admin).isr().size() == replicas);
        }
    }

    @Test
    void aKilledBrokerLeavesNoMarkAndComesBackWithWhatItHad(@TempDir Path folder) throws Exception {
        Path mark = folder.resolve("broker-1").resolve(".kafka_cleanshutdown");
        try (EmbeddedCluster cluster = EmbeddedCluster.builder(1).folder(folder).start()) {
            createTopic(cluster, 1);
            produce(cluster, "a", "b");
            cluster.kill(1);
            assertThat(cluster.up()).isEmpty();
            assertThat(mark).doesNotExist();
            cluster.restart(1);
            assertThat(consume(cluster, 2)).containsExactly("a", "b");
            cluster.stop(1);
            assertThat(mark).exists();
            cluster.restart(1);
            produce(cluster, "c");
            assertThat(consume(cluster, 3)).containsExactly("a", "b", "c");
        }
        try (EmbeddedCluster cluster = EmbeddedCluster.builder(1).folder(folder).start()) {
            assertThat(consume(cluster, 3)).containsExactly("a", "b", "c");
        }
    }

    @Test
    void everyBrokerKnowsAllOthersAndTheControllerWhenTheClusterHasStarted() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
            assertThat(cluster.up()).containsExactly(1, 2, 3);
            Set<String> addresses = new TreeSet<>();
            for (int id : cluster.up()) {
                String address = cluster.broker(id).bootstrapServers();
                addresses.add(address);
                try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
                    var description = admin.describeCluster();
                    assertThat(description.nodes().get(30, SECONDS)).hasSize(3);
                    assertThat(description.controller().get(30, SECONDS).id()).isEqualTo(cluster.controllerId());
                }
            }
            assertThat(String.join(",", addresses).split(","))
                    .containsExactlyInAnyOrder(cluster.bootstrapServers().split(","));
        }
    }

    @Test
    void whenTheLeaderIsKilledAnotherGoesOnAndItComesBackInSync() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
            createTopic(cluster, 3);
            produce(cluster, "a");
            List<String> expected = new ArrayList<>(List.of("a"));
            for (String value : List.of("b", "c", "d")) {
                int killed = leader(cluster);
                cluster.kill(killed);
                produce(cluster, value);
                expected.add(value);
                assertThat(leader(cluster)).isNotEqualTo(killed);
                assertThat(consume(cluster, expected.size())).isEqualTo(expected);
                cluster.restart(killed);
                awaitInSync(cluster, 3);
            }
        }
    }

    @Test
    void aBrokerThatStopsHandsOverFirst() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
            createTopic(cluster, 3);
            produce(cluster, "a");
            awaitInSync(cluster, 3);
            try (KafkaProducer<String, String> producer = producer(cluster)) {
                producer.send(new ProducerRecord<>("t", "b")).get(60, SECONDS);
                cluster.stop(leader(cluster));
                producer.send(new ProducerRecord<>("t", "c")).get(60, SECONDS);
            }
            assertThat(consume(cluster, 3)).containsExactly("a", "b", "c");
        }
    }

    @Test
    void aBrokerWhoseFolderWasWipedCopiesAllAgain() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
            createTopic(cluster, 3);
            produce(cluster, "a", "b");
            awaitInSync(cluster, 3);
            int wiped = leader(cluster);
            Path folder = cluster.broker(wiped).logFolder();
            cluster.kill(wiped);
            TemporaryFolder.remove(folder);
            produce(cluster, "c");
            cluster.restart(wiped);
            awaitInSync(cluster, 3);
            for (int id = 1; id <= 3; id++) {
                if (id != wiped) {
                    cluster.stop(id);
                }
            }
            assertThat(consume(cluster, 3)).containsExactly("a", "b", "c");
        }
    }

    @Test
    void theControllersDeathIsSurvivedToo() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
            createTopic(cluster, 3);
            produce(cluster, "a");
            int killed = cluster.controllerId();
            cluster.kill(killed);
            produce(cluster, "b");
            cluster.restart(killed);
            awaitInSync(cluster, 3);
            assertThat(cluster.controllerId()).isNotEqualTo(killed);
            assertThat(consume(cluster, 2)).containsExactly("a", "b");
        }
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        EmbeddedCluster.start(2).close();
        Set<Thread> threadsBefore = threads();
        long descriptorsBefore = descriptors();
        for (int round = 0; round < 3; round++) {
            EmbeddedCluster cluster = EmbeddedCluster.start(2);
            Path folder = cluster.broker(1).logFolder().getParent();
            createTopic(cluster, 2);
            produce(cluster, "a");
            cluster.kill(1);
            cluster.restart(1);
            cluster.kill(2);
            cluster.close();
            assertThat(folder).doesNotExist();
        }
        Set<Thread> left = threads();
        left.removeAll(threadsBefore);
        left.removeIf(thread -> !thread.getName().startsWith("odradek-"));
        assertThat(left).isEmpty();
        await().until(() -> descriptors() <= descriptorsBefore);
    }

    @Test
    void whatIsNotThereIsRefused() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
            assertThatThrownBy(() -> cluster.broker(2)).hasMessageContaining("no broker 2");
            cluster.kill(1);
            assertThatThrownBy(() -> cluster.broker(1)).hasMessage("Broker 1 is down");
            assertThatThrownBy(() -> cluster.kill(1)).hasMessage("Broker 1 is down");
        }
        assertThatThrownBy(() -> EmbeddedCluster.start(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EmbeddedCluster.builder(1)
                        .setting("max.connections.per.ip.overrides", "no such host:1")
                        .start())
                .isInstanceOf(ConfigException.class);
    }

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    private static long descriptors() throws Exception {
        Path own = Path.of("/proc/self/fd");
        if (!Files.exists(own)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(own)) {
            return open.count();
        }
    }
}
