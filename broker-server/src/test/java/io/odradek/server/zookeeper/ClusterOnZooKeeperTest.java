package io.odradek.server.zookeeper;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers whose cluster's tree is in ZooKeeper, and whose sessions end under load. */
class ClusterOnZooKeeperTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int REPLICAS = 3;

    @TempDir
    Path folder;

    private final SortedMap<Integer, EmbeddedBroker> brokers = new TreeMap<>();
    private TestEnsemble ensemble;

    @BeforeEach
    void start() throws Exception {
        ensemble = new TestEnsemble(Files.createDirectory(folder.resolve("zookeeper")));
        for (int id = 1; id <= REPLICAS; id++) {
            brokers.put(id, broker(id));
        }
        try (Admin admin = Admin.create(client())) {
            await().atMost(PATIENCE)
                    .until(() -> admin.describeCluster().nodes().get().size() == REPLICAS);
            admin.createTopics(List.of(new NewTopic("t", 1, (short) REPLICAS)))
                    .all()
                    .get(30, SECONDS);
        }
    }

    @AfterEach
    void stop() throws Exception {
        brokers.values().forEach(EmbeddedBroker::close);
        ensemble.close();
    }

    private EmbeddedBroker broker(int id) {
        return EmbeddedBroker.builder()
                .setting("zookeeper.connect", ensemble.connect())
                .setting("zookeeper.session.timeout.ms", "8000")
                .setting("zookeeper.connection.timeout.ms", "10000")
                .setting("broker.id", Integer.toString(id))
                .setting("min.insync.replicas", "2")
                .setting("controlled.shutdown.retry.backoff.ms", "200")
                .setting("controller.socket.timeout.ms", "5000")
                .logFolder(folder.resolve("broker-" + id))
                .start();
    }

    private Map<String, Object> client() {
        List<String> addresses = new ArrayList<>();
        brokers.values().forEach(broker -> addresses.add(broker.bootstrapServers()));
        return Map.of("bootstrap.servers", String.join(",", addresses), "acks", "all", "delivery.timeout.ms", "60000");
    }

    private int leader() throws Exception {
        try (Admin admin = Admin.create(client())) {
            return admin.describeTopics(List.of("t"))
                    .allTopicNames()
                    .get(30, SECONDS)
                    .get("t")
                    .partitions()
                    .get(0)
                    .leader()
                    .id();
        }
    }

    private int inSync() throws Exception {
        try (Admin admin = Admin.create(client())) {
            return admin.describeTopics(List.of("t"))
                    .allTopicNames()
                    .get(30, SECONDS)
                    .get("t")
                    .partitions()
                    .get(0)
                    .isr()
                    .size();
        }
    }

    private Stat registration(int id) throws Exception {
        return ensemble.observer().exists("/brokers/ids/" + id, false);
    }

    /** Ends a broker's session, and waits until it is registered again. */
    private void expire(int id) throws Exception {
        Stat before = registration(id);
        ensemble.expire(before.getEphemeralOwner());
        await().atMost(PATIENCE).until(() -> {
            Stat now = registration(id);
            return now != null && now.getCzxid() > before.getCzxid();
        });
    }

    private int controller() throws Exception {
        String data = new String(
                ensemble.observer().getData("/controller", false, null), java.nio.charset.StandardCharsets.UTF_8);
        return Integer.parseInt(data.replaceAll(".*\"brokerid\":([0-9]+).*", "$1"));
    }

    @Test
    void whoeverLosesItsSessionComesBackAndNothingAcknowledgedIsLostOrRepeated() throws Exception {
        List<String> acknowledged = new CopyOnWriteArrayList<>();
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> producing = CompletableFuture.runAsync(() -> {
            try (KafkaProducer<String, String> producer =
                    new KafkaProducer<>(client(), new StringSerializer(), new StringSerializer())) {
                for (int i = 0; !enough.get(); i++) {
                    producer.send(new ProducerRecord<>("t", Integer.toString(i)))
                            .get(60, SECONDS);
                    acknowledged.add(Integer.toString(i));
                }
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });
        for (int round = 0; round < 2; round++) {
            expire(leader());
            goOn(acknowledged, producing);
            expire(controller());
            goOn(acknowledged, producing);
            int stopped = leader();
            brokers.get(stopped).close();
            goOn(acknowledged, producing);
            brokers.put(stopped, broker(stopped));
            await().atMost(PATIENCE).until(() -> inSync() == REPLICAS);
        }
        enough.set(true);
        producing.get(60, SECONDS);
        assertThat(consumed(acknowledged.size())).isEqualTo(acknowledged);
    }

    /** Waits until the producer has got on. */
    private void goOn(List<String> acknowledged, CompletableFuture<Void> producing) {
        int before = acknowledged.size();
        await().atMost(PATIENCE).until(() -> acknowledged.size() > before + 20 || producing.isCompletedExceptionally());
        assertThat(producing).isNotCompletedExceptionally();
    }

    private List<String> consumed(int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(client(), new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition("t", 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
                return values.size() >= count;
            });
        }
        return values;
    }
}
