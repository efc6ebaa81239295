package io.odradek.server.groups;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.FindCoordinatorResponse;
import io.odradek.protocol.api.FindCoordinatorResponse.Coordinator;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.OpenedBroker;
import io.odradek.server.embedded.EmbeddedCluster;
import io.odradek.server.net.RawClient;
import io.odradek.storage.io.NioLogFileSystem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How many replicas the topics of groups and of transactions get, and what clients are told where they cannot have so many. */
@Timeout(180)
class InternalReplicasTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> TOPICS = List.of("__consumer_offsets", "__transaction_state");
    private static final TopicPartition FIRST = new TopicPartition("t", 0);

    @TempDir
    Path folder;

    /** {@return what a broker says to those who look for the coordinator of a group, and of a transactional id} */
    private static List<ErrorCode> coordinators(InetSocketAddress broker) throws IOException {
        try (RawClient client = new RawClient(broker)) {
            return List.of(find(client, (byte) 0), find(client, (byte) 1));
        }
    }

    private static ErrorCode find(RawClient client, byte keyType) throws IOException {
        List<Coordinator> found = client.ask(
                        new FindCoordinatorRequest("", keyType, List.of("key")), 4, FindCoordinatorResponse.class)
                .coordinators();
        return found.get(0).errorCode();
    }

    private static InetSocketAddress address(String server) {
        String[] parts = server.split(":");
        return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
    }

    /** A transaction that commits a position of a group needs both. */
    private static void useBoth(Map<String, Object> settings) throws Exception {
        Map<String, Object> own = new TreeMap<>(settings);
        own.put("transactional.id", "key");
        Map<String, Object> ofReader = new TreeMap<>(settings);
        ofReader.put("group.id", "key");
        try (KafkaProducer<String, String> producer =
                        new KafkaProducer<>(own, new StringSerializer(), new StringSerializer());
                KafkaConsumer<String, String> reader =
                        new KafkaConsumer<>(ofReader, new StringDeserializer(), new StringDeserializer());
                Admin admin = Admin.create(settings)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(FIRST, new OffsetAndMetadata(3)), reader.groupMetadata());
            producer.commitTransaction();
            assertThat(admin.listConsumerGroupOffsets("key")
                            .partitionsToOffsetAndMetadata()
                            .get(60, SECONDS))
                    .isEqualTo(Map.of(FIRST, new OffsetAndMetadata(3)));
        }
    }

    private static void assertReplicas(Admin admin, int replicas) throws Exception {
        assertThat(admin.describeTopics(TOPICS).allTopicNames().get(60, SECONDS).values())
                .allSatisfy(topic -> assertThat(replicasOf(topic)).isEqualTo(replicas));
    }

    private static int replicasOf(TopicDescription topic) {
        return topic.partitions().get(0).replicas().size();
    }

    @Test
    void thereIsNoCoordinatorUntilThereAreAsManyBrokersAsReplicas() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.builder(3).topic("t", 1).start();
                Admin admin = Admin.create(cluster.clientProperties())) {
            cluster.stop(3);
            await().atMost(PATIENCE)
                    .until(() ->
                            admin.describeCluster().nodes().get(60, SECONDS).size() == 2);
            assertThat(coordinators(address(cluster.broker(1).bootstrapServers())))
                    .containsOnly(ErrorCode.COORDINATOR_NOT_AVAILABLE);
            Set<String> topics = admin.listTopics(new ListTopicsOptions().listInternal(true))
                    .names()
                    .get(60, SECONDS);
            assertThat(topics).as("none with fewer replicas").containsExactly("t");

            cluster.restart(3);

            useBoth(cluster.clientProperties());
            assertReplicas(admin, 3);
        }
    }

    private OpenedBroker alone(Map<String, String> more) throws IOException {
        Map<String, String> settings = new TreeMap<>(more);
        settings.put("listeners", "PLAINTEXT://127.0.0.1:0");
        settings.put("log.dirs", folder.resolve("data").toString());
        return OpenedBroker.start(settings, new NioLogFileSystem());
    }

    @Test
    void aBrokerThatIsAloneAndToldNothingHasOneReplica() throws Exception {
        try (OpenedBroker broker = alone(Map.of());
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get(60, SECONDS);
            useBoth(Map.of("bootstrap.servers", broker.bootstrapServers()));
            assertReplicas(admin, 1);
        }
    }

    @Test
    void aBrokerThatIsAloneAndToldToHaveMoreHasNoCoordinator() throws Exception {
        Map<String, String> three = Map.of(
                "offsets.topic.replication.factor", "3",
                "transaction.state.log.replication.factor", "3");
        try (OpenedBroker broker = alone(three)) {
            assertThat(coordinators(broker.address())).containsOnly(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        }
    }
}
