package io.odradek.server.oldfolders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.clients.BrokerLines;
import io.odradek.server.clients.KafkaBroker;
import io.odradek.server.clients.Peer;
import io.odradek.server.clients.TopicOverrides;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.zookeeper.TestEnsemble;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Log folders with records of magic 0 and 1 in a cluster, with the tree that Kafka left in ZooKeeper. */
@Timeout(300)
class OldFoldersInZooKeeperTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private TestEnsemble ensemble;

    static List<OldFolder> all() {
        return OldFolder.ALL;
    }

    static List<OldFolder> ofEachFormat() {
        return List.of(OldFolder.OF_0_10_2, OldFolder.OF_3_9_AS_0_9);
    }

    @BeforeEach
    void start() throws Exception {
        ensemble = new TestEnsemble(Files.createDirectory(folder.resolve("zookeeper")));
    }

    @AfterEach
    void stop() {
        ensemble.close();
    }

    private EmbeddedBroker broker(int id, Path data) {
        return EmbeddedBroker.builder()
                .setting("zookeeper.connect", ensemble.connect())
                .setting("zookeeper.session.timeout.ms", "8000")
                .setting("offsets.retention.minutes", "1000000000")
                .setting("broker.id", String.valueOf(id))
                .logFolder(data)
                .start();
    }

    private static Admin admin(String bootstrapServers) {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers));
    }

    private static TreeSet<String> topics(OldFolder recorded) throws Exception {
        return recorded.contents().stream().map(ReadRecord::topic).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<ReadRecord> contents(OldFolder recorded) throws Exception {
        List<ReadRecord> all = new ArrayList<>();
        for (String topic : topics(recorded)) {
            all.addAll(recorded.contents(topic));
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("all")
    void kafkasFolderIsOursAndOursIsKafkas(OldFolder recorded) throws Exception {
        new TreeLines(ensemble).write(recorded.tree());
        Path data = recorded.copyTo(folder.resolve("data"));
        List<ReadRecord> expected = contents(recorded);
        try (EmbeddedBroker ours = broker(0, data)) {
            assertThat(ReadRecord.all(ours.bootstrapServers(), topics(recorded)))
                    .isEqualTo(expected);
            expected.clear();
            for (String topic : topics(recorded)) {
                expected.addAll(recorded.contents(topic));
                expected.addAll(append(ours.bootstrapServers(), topic));
            }
        }
        int port = freePort();
        Peer peer = new Peer("3.9.2", folder.resolve("peer"));
        List<String> settings = List.of(
                "broker.id=0",
                "listeners=PLAINTEXT://127.0.0.1:" + port,
                "zookeeper.connect=" + ensemble.connect(),
                "log.retention.ms=-1",
                "offsets.topic.replication.factor=1",
                "log.dirs=" + data);
        try (KafkaBroker kafka = KafkaBroker.start(peer, folder.resolve("kafka"), settings);
                Admin admin = admin("127.0.0.1:" + port)) {
            assertThat(ReadRecord.all("127.0.0.1:" + port, topics(recorded))).isEqualTo(expected);
            assertThat(admin.listConsumerGroupOffsets("readers")
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .get(new TopicPartition("none", 0))
                            .offset())
                    .isEqualTo(50);
            kafka.stop();
        }
    }

    private static List<ReadRecord> append(String bootstrapServers, String topic) throws Exception {
        List<ReadRecord> appended = new ArrayList<>();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrapServers, "compression.type", "lz4"),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < 20; i++) {
                var sent = producer.send(new ProducerRecord<>(topic, 0, 1_490_000_000_000L, "key" + i, "ours"))
                        .get();
                boolean stamped = sent.timestamp() != 1_490_000_000_000L;
                appended.add(new ReadRecord(
                        topic,
                        sent.offset(),
                        stamped ? "LogAppendTime" : "CreateTime",
                        sent.timestamp(),
                        "key" + i,
                        "ours"));
            }
        }
        return appended;
    }

    @ParameterizedTest
    @MethodSource("ofEachFormat")
    void aNewReplicaHasTheSameRecords(OldFolder recorded) throws Exception {
        new TreeLines(ensemble).write(recorded.tree());
        Path data = recorded.copyTo(folder.resolve("data"));
        Path copy = folder.resolve("copy");
        try (EmbeddedBroker follower = broker(1, copy);
                Admin admin = admin(follower.bootstrapServers())) {
            try (EmbeddedBroker leader = broker(0, data)) {
                await().atMost(PATIENCE)
                        .until(() -> admin.describeCluster().nodes().get().size() == 2);
                Map<TopicPartition, Optional<NewPartitionReassignment>> moves = new HashMap<>();
                for (String topic : topics(recorded)) {
                    moves.put(new TopicPartition(topic, 0), Optional.of(new NewPartitionReassignment(List.of(1))));
                }
                admin.alterPartitionReassignments(moves).all().get();
                await().atMost(PATIENCE)
                        .until(() -> admin.listPartitionReassignments()
                                .reassignments()
                                .get()
                                .isEmpty());
                assertThat(leader.bootstrapServers()).isNotEmpty();
            }
            assertThat(ReadRecord.all(follower.bootstrapServers(), topics(recorded)))
                    .isEqualTo(
                            contents(recorded).stream().map(ReadRecord::inBatch).toList());
        }
        for (String topic : topics(recorded)) {
            ByteBuffer first = ByteBuffer.wrap(Files.readAllBytes(copy.resolve(topic + "-0/00000000000000000000.log")));
            assertThat(first.get(16)).as("magic of the first entry of " + topic).isEqualTo((byte) 2);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aBrokerThatIsAloneAdoptsWhatTopicsHadSet(OldFolder recorded) throws Exception {
        new TreeLines(ensemble).write(recorded.tree());
        Path data = recorded.copyTo(folder.resolve("data"));
        try (BrokerLines lines = new BrokerLines();
                EmbeddedBroker alone = EmbeddedBroker.builder()
                        .setting("odradek.adopt.zookeeper.connect", ensemble.connect())
                        .logFolder(data)
                        .start();
                Admin admin = admin(alone.bootstrapServers())) {
            assertThat(TopicOverrides.of(admin, "cleaned"))
                    .containsEntry("cleanup.policy", "compact")
                    .containsEntry("min.cleanable.dirty.ratio", "0.001")
                    .doesNotContainKey("odradek.settings.unconfirmed");
            assertThat(TopicOverrides.of(admin, "appended")).containsEntry("message.timestamp.type", "LogAppendTime");
            assertThat(TopicOverrides.of(admin, "none")).isEmpty();
            assertThat(lines.warnings("are not known")).isEmpty();
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
