package io.odradek.server.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One broker whose cluster's tree is in ZooKeeper. */
class BrokerOnZooKeeperTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TopicPartition T0 = new TopicPartition("t", 0);

    @TempDir
    Path folder;

    private TestEnsemble ensemble;

    @BeforeEach
    void start() throws Exception {
        ensemble = new TestEnsemble(Files.createDirectory(folder.resolve("zookeeper")));
    }

    @AfterEach
    void stop() throws Exception {
        ensemble.close();
    }

    private EmbeddedBroker.Builder broker(String name) {
        return EmbeddedBroker.builder()
                .setting("zookeeper.connect", ensemble.connect() + "/kafka")
                .setting("zookeeper.session.timeout.ms", "8000")
                .setting("zookeeper.connection.timeout.ms", "10000")
                .logFolder(folder.resolve(name));
    }

    private static Map<String, Object> client(EmbeddedBroker broker) {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    private static void createTopic(EmbeddedBroker broker, String name) throws Exception {
        try (Admin admin = Admin.create(client(broker))) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
        }
    }

    private static void produce(EmbeddedBroker broker, String value) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(client(broker), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("t", value)).get(30, SECONDS);
        }
    }

    private static List<String> consume(EmbeddedBroker broker, int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(client(broker), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(T0));
            consumer.seekToBeginning(List.of(T0));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
                return values.size() >= count;
            });
        }
        return values;
    }

    /** {@return the session that holds the broker's registration, 0 for none} */
    private long registeredBy(int brokerId) throws Exception {
        var stat = ensemble.observer().exists("/kafka/brokers/ids/" + brokerId, false);
        return stat == null ? 0 : stat.getEphemeralOwner();
    }

    @Test
    void topicsSurviveARestartThoughTheFoldersTellNothingOfThem() throws Exception {
        try (EmbeddedBroker broker = broker("a").setting("broker.id", "3").start()) {
            createTopic(broker, "t");
            produce(broker, "first");
            assertThat(registeredBy(3)).isNotZero();
            assertThat(new String(ensemble.observer().getData("/kafka/controller", false, null), UTF_8))
                    .contains("\"brokerid\":3");
        }
        assertThat(registeredBy(3)).isZero();
        assertThat(folder.resolve("a").resolve("topic-settings")).content().contains("\nt ");
        try (EmbeddedBroker broker = broker("a").setting("broker.id", "3").start()) {
            produce(broker, "second");
            assertThat(consume(broker, 2)).containsExactly("first", "second");
        }
    }

    @Test
    void whatKafkasToolsHaveSetForBrokersIsHeededAtTheStartAndWhileABrokerRuns() throws Exception {
        try (EmbeddedBroker broker = broker("a").setting("broker.id", "3").start()) {
            createTopic(broker, "t");
        }
        // As kafka-configs.sh of Kafka 3.9 writes them.
        write("/kafka/config/brokers/<default>", "{\"version\":1,\"config\":{\"log.segment.bytes\":\"70000\"}}");
        write("/kafka/config/brokers/3", "{\"version\":1,\"config\":{\"message.max.bytes\":\"5000\"}}");
        try (EmbeddedBroker broker = broker("a").setting("broker.id", "3").start();
                Admin admin = Admin.create(client(broker))) {
            assertThat(shown(admin, "segment.bytes")).isEqualTo("70000 DYNAMIC_DEFAULT_BROKER_CONFIG");
            assertThat(shown(admin, "max.message.bytes")).isEqualTo("5000 DYNAMIC_BROKER_CONFIG");

            write("/kafka/config/brokers/3", "{\"version\":1,\"config\":{\"message.max.bytes\":\"6000\"}}");
            ensemble.observer()
                    .create(
                            "/kafka/config/changes/config_change_",
                            "{\"version\":2,\"entity_path\":\"brokers/3\"}".getBytes(UTF_8),
                            ZooDefs.Ids.OPEN_ACL_UNSAFE,
                            CreateMode.PERSISTENT_SEQUENTIAL);

            await().atMost(PATIENCE)
                    .until(() -> shown(admin, "max.message.bytes").equals("6000 DYNAMIC_BROKER_CONFIG"));
        }
    }

    private void write(String path, String data) throws Exception {
        if (ensemble.observer().exists(path, false) == null) {
            ensemble.observer().create(path, data.getBytes(UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        } else {
            ensemble.observer().setData(path, data.getBytes(UTF_8), -1);
        }
    }

    private static String shown(Admin admin, String name) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "t");
        ConfigEntry entry = admin.describeConfigs(List.of(topic))
                .all()
                .get(30, SECONDS)
                .get(topic)
                .get(name);
        return entry.value() + " " + entry.source();
    }

    /** What it wrote meanwhile has the epochs of what the cluster wrote meanwhile. */
    @Test
    void aBrokerThatServedItsFolderOutsideOfTheClusterDoesNotComeBackWithIt() throws Exception {
        try (EmbeddedBroker broker = broker("a").setting("broker.id", "3").start()) {
            createTopic(broker, "t");
        }
        try (EmbeddedBroker alone = EmbeddedBroker.builder()
                .logFolder(folder.resolve("a"))
                .setting("broker.id", "3")
                .start()) {
            produce(alone, "nobody else knows");
        }
        EmbeddedBroker.Builder back = broker("a").setting("broker.id", "3");
        assertThatThrownBy(back::start)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("Log folder " + folder.resolve("a") + " was served by a broker outside of a cluster"
                        + " (coordination.journal), so its logs may hold what the cluster does not know. Empty it, to have"
                        + " it copied from the others, or start without zookeeper.connect");
        assertThat(registeredBy(3)).isZero();
    }

    @Test
    void aBrokerWhoseSessionExpiresRegistersAgainAndClientsGoOn() throws Exception {
        try (EmbeddedBroker broker = broker("a").setting("broker.id", "3").start()) {
            createTopic(broker, "t");
            List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<Void> producing = CompletableFuture.runAsync(() -> {
                try (KafkaProducer<String, String> producer =
                        new KafkaProducer<>(client(broker), new StringSerializer(), new StringSerializer())) {
                    for (int i = 0; !enough.get(); i++) {
                        String value = Integer.toString(i);
                        producer.send(new ProducerRecord<>("t", value)).get(30, SECONDS);
                        acknowledged.add(value);
                    }
                } catch (Exception failure) {
                    throw new IllegalStateException(failure);
                }
            });
            for (int expiry = 0; expiry < 3; expiry++) {
                long before = registeredBy(3);
                long epochBefore = ensemble.observer()
                        .exists("/kafka/brokers/ids/3", false)
                        .getCzxid();
                ensemble.expire(before);
                await().atMost(PATIENCE).until(() -> registeredBy(3) != 0 && registeredBy(3) != before);
                assertThat(ensemble.observer()
                                .exists("/kafka/brokers/ids/3", false)
                                .getCzxid())
                        .isGreaterThan(epochBefore);
                int acknowledgedBefore = acknowledged.size();
                await().atMost(PATIENCE).until(() -> acknowledged.size() > acknowledgedBefore + 10);
            }
            enough.set(true);
            producing.get();
            assertThat(consume(broker, acknowledged.size())).isEqualTo(acknowledged);
            createTopic(broker, "made-later");
        }
    }

    @Test
    void brokersWithoutANumberDrawOneAndKeepIt() throws Exception {
        assertThat(numberOf(broker("a"))).isEqualTo(1001);
        assertThat(numberOf(broker("b"))).isEqualTo(1002);
        assertThat(numberOf(broker("a"))).isEqualTo(1001);
    }

    /** {@return the number of a broker, which is started and stopped} */
    private static int numberOf(EmbeddedBroker.Builder builder) throws Exception {
        try (EmbeddedBroker broker = builder.start();
                Admin admin = Admin.create(client(broker))) {
            return admin.describeCluster().controller().get().id();
        }
    }

    @Test
    void aSecondBrokerWithTheSameNumberIsRefused() throws Exception {
        try (EmbeddedBroker broker = broker("a").setting("broker.id", "3").start()) {
            assertThatThrownBy(() -> broker("b").setting("broker.id", "3").start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage(
                            "Broker id 3 is registered by another broker that is alive; give this one its own broker.id");
            createTopic(broker, "t");
        }
    }

    @Test
    void aBrokerOfAnotherClusterIsRefused() throws Exception {
        assertThat(numberOf(broker("a").setting("broker.id", "3"))).isEqualTo(3);
        assertThatThrownBy(() -> broker("a")
                        .setting("broker.id", "3")
                        .setting("zookeeper.connect", ensemble.connect() + "/other")
                        .start()
                        .close())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("The log folders belong to cluster")
                .hasMessageContaining("Check log.dirs and zookeeper.connect");
        assertThatThrownBy(() -> broker("a").setting("broker.id", "4").start().close())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("belongs to broker 3, and this is broker 4");
    }

    @Test
    void aFreshBrokerWithTheNumberOfALostOneTakesItsPartitionsOver() throws Exception {
        try (EmbeddedBroker broker = broker("a").setting("broker.id", "3").start()) {
            createTopic(broker, "t");
            produce(broker, "lost");
        }
        try (EmbeddedBroker broker = broker("b").setting("broker.id", "3").start()) {
            produce(broker, "found");
            assertThat(consume(broker, 1)).containsExactly("found");
        }
    }

    @Test
    void whatIsInTheFoldersOfABrokerOfAClusterIsNotAdopted() throws Exception {
        try (EmbeddedBroker alone = EmbeddedBroker.builder()
                .setting("broker.id", "3")
                .logFolder(folder.resolve("a"))
                .start()) {
            createTopic(alone, "t");
        }
        Files.delete(folder.resolve("a").resolve("meta.properties"));
        Files.delete(folder.resolve("a").resolve("coordination.journal"));
        try (EmbeddedBroker broker = broker("a").setting("broker.id", "3").start();
                Admin admin = Admin.create(client(broker))) {
            assertThat(admin.listTopics().names().get()).isEmpty();
        }
    }

    @Test
    void anEnsembleThatCannotBeReachedIsNamedInOneLine() throws IOException {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        assertThatThrownBy(() -> broker("a")
                        .setting("zookeeper.connect", "127.0.0.1:" + nobody + "/kafka")
                        .setting("zookeeper.connection.timeout.ms", "500")
                        .start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("ZooKeeper at 127.0.0.1:" + nobody
                        + " cannot be reached within 500 ms (zookeeper.connect, zookeeper.connection.timeout.ms)");
    }

    @Test
    void aBrokerOutlivesAnEnsembleThatIsAwayForLongerThanItsSession() throws Exception {
        try (EmbeddedBroker broker = broker("a").setting("broker.id", "3").start()) {
            createTopic(broker, "t");
            produce(broker, "with it");
            long before = registeredBy(3);
            ensemble.stop();
            produce(broker, "without ZooKeeper");
            ensemble.start();
            await().atMost(PATIENCE)
                    .ignoreExceptionsMatching(KeeperException.class::isInstance)
                    .until(() -> registeredBy(3) != 0);
            ensemble.expire(before);
            await().atMost(PATIENCE).until(() -> registeredBy(3) != 0 && registeredBy(3) != before);
            await().atMost(PATIENCE).ignoreExceptions().until(() -> {
                createTopic(broker, "made-later");
                return true;
            });
            assertThat(consume(broker, 2)).containsExactly("with it", "without ZooKeeper");
        }
    }
}
