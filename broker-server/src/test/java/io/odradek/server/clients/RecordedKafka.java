package io.odradek.server.clients;

import static org.awaitility.Awaitility.await;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.node.PartitionsNode;
import io.odradek.core.coordination.node.ReassignmentNode;
import io.odradek.protocol.TopicPartition;
import io.odradek.server.zookeeper.RecordedWrite;
import io.odradek.server.zookeeper.TestEnsemble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/**
 * What two brokers of Apache Kafka 3.9.2 write into a ZooKeeper while topics, settings, partitions, leaders and a log folder of
 * theirs change.
 */
@SuppressWarnings("try") // Brokers and a client that are only closed.
final class RecordedKafka {
    static final String CHROOT = "/of/kafka";

    /** Sorted: those that fall into one bin of Kafka's hash table stand in the order in which the client named them. */
    static final SortedMap<String, String> MANY_SETTINGS = new TreeMap<>(Map.of(
            "retention.ms", "1000000",
            "cleanup.policy", "compact",
            "segment.bytes", "1000000",
            "min.insync.replicas", "1",
            "max.message.bytes", "7000",
            "compression.type", "zstd"));

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int TICK_MS = 3_000;

    private final Path folder;
    private final List<Integer> ports = new ArrayList<>();
    private String connect;

    /** @param folder for everything */
    RecordedKafka(Path folder) {
        this.folder = folder;
    }

    /** {@return where the first broker's listeners PLAINTEXT and ZWEI are, and the second's} */
    List<Integer> ports() {
        return ports;
    }

    /** {@return what has been written so far} */
    List<RecordedWrite> writes() throws IOException {
        return RecordedWrite.read(folder.resolve("zookeeper"), CHROOT);
    }

    private List<String> settings(String broker, String... more) {
        List<String> lines = new ArrayList<>(List.of(
                "zookeeper.connect=" + connect + CHROOT,
                "offsets.topic.num.partitions=1",
                "offsets.topic.replication.factor=1",
                "log.flush.offset.checkpoint.interval.ms=500",
                "auto.leader.rebalance.enable=false",
                "log.dirs=" + folder.resolve(broker) + "," + folder.resolve(broker + "-lost")));
        lines.addAll(List.of(more));
        return lines;
    }

    /** Starts everything, does everything, and stops everything. */
    void run() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                ports.add(socket.getLocalPort());
            }
        }
        Peer peer = new Peer("3.9.2", folder.resolve("peer"));
        try (TestEnsemble ensemble = new TestEnsemble(folder.resolve("zookeeper"), TICK_MS)) {
            connect = ensemble.connect();
            String listeners = "PLAINTEXT://127.0.0.1:" + ports.get(0) + ",ZWEI://127.0.0.1:" + ports.get(1);
            List<String> first = settings(
                    "first",
                    "broker.id=0",
                    "broker.rack=r\"1",
                    "listeners=" + listeners + ",EINS://127.0.0.1:0",
                    "advertised.listeners=" + listeners.replace("ZWEI://127.0.0.1", "ZWEI://[::1]") + ",EINS://drei:3",
                    "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,ZWEI:PLAINTEXT,EINS:PLAINTEXT");
            List<String> second = settings(
                    "second", "broker.id=-1", "broker.rack=r2", "listeners=PLAINTEXT://127.0.0.1:" + ports.get(2));
            String bootstrap = "127.0.0.1:" + ports.get(0);
            try (KafkaBroker zero = KafkaBroker.start(peer, folder.resolve("broker-0"), first);
                    Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap))) {
                awaitBrokers(admin, 1);
                try (KafkaBroker one = KafkaBroker.start(peer, folder.resolve("broker-1"), second)) {
                    awaitBrokers(admin, 2);
                    changeTopics(admin);
                    changeSettings(admin);
                    moveReplicas(admin);
                    send(bootstrap);
                    one.stop();
                }
                deleteFolder(folder.resolve("first-lost"));
                await().atMost(PATIENCE).until(() -> wrote(ClusterPaths.LOG_DIR_EVENTS + "/log_dir_event_0000000000"));
            }
        }
    }

    private static void awaitBrokers(Admin admin, int count) {
        await().atMost(PATIENCE)
                .until(() -> admin.describeCluster().nodes().get().size() == count);
    }

    private boolean wrote(String path) throws IOException {
        return writes().stream().anyMatch(write -> write.path().equals(path));
    }

    private static void changeTopics(Admin admin) throws Exception {
        admin.createTopics(List.of(new NewTopic("plain", Map.of(0, List.of(0, 1001), 1, List.of(1001, 0)))))
                .all()
                .get();
        Map<Integer, List<Integer>> many = new TreeMap<>();
        for (int partition = 0; partition < 100; partition++) {
            many.put(partition, List.of(0));
        }
        admin.createTopics(List.of(new NewTopic("many", many).configs(MANY_SETTINGS)))
                .all()
                .get();
        admin.createTopics(List.of(new NewTopic("gone", Map.of(0, List.of(1001)))))
                .all()
                .get();
        admin.deleteTopics(List.of("gone")).all().get();
        admin.createPartitions(Map.of("plain", NewPartitions.increaseTo(3, List.of(List.of(0, 1001)))))
                .all()
                .get();
    }

    private static void changeSettings(Admin admin) throws Exception {
        set(admin, ConfigResource.Type.TOPIC, "plain", "retention.ms", "5000000");
        set(admin, ConfigResource.Type.TOPIC, "plain", "retention.ms", null);
        set(admin, ConfigResource.Type.BROKER, "0", "log.cleaner.threads", "2");
        set(admin, ConfigResource.Type.BROKER, "", "log.cleaner.threads", "1");
    }

    private static void set(Admin admin, ConfigResource.Type type, String entity, String name, String value)
            throws Exception {
        AlterConfigOp.OpType how = value == null ? AlterConfigOp.OpType.DELETE : AlterConfigOp.OpType.SET;
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(type, entity),
                        List.of(new AlterConfigOp(new ConfigEntry(name, value), how))))
                .all()
                .get();
    }

    /** By the controller's API, and by the nodes of the tools that came before it. */
    private void moveReplicas(Admin admin) throws Exception {
        admin.alterPartitionReassignments(Map.of(
                        new org.apache.kafka.common.TopicPartition("many", 12),
                        Optional.of(new NewPartitionReassignment(List.of(1001)))))
                .all()
                .get();
        await().atMost(PATIENCE)
                .until(() ->
                        admin.listPartitionReassignments().reassignments().get().isEmpty());
        TopicPartition moved = new TopicPartition("plain", 0);
        try (ZooKeeper client = new ZooKeeper(connect + CHROOT, TICK_MS * 10, event -> {})) {
            createAndAwaitDeletion(
                    client, ClusterPaths.REASSIGNMENT, new ReassignmentNode(Map.of(moved, List.of(1001, 0))).encode());
            createAndAwaitDeletion(
                    client, ClusterPaths.PREFERRED_ELECTION, new PartitionsNode(List.of(moved)).encode());
        }
    }

    private static void createAndAwaitDeletion(ZooKeeper client, String path, byte[] data) throws Exception {
        await().atMost(PATIENCE).until(() -> client.getState().isConnected());
        client.create(path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(KeeperException.ConnectionLossException.class)
                .until(() -> client.exists(path, false) == null);
    }

    private static void send(String bootstrap) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap, "enable.idempotence", true),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("plain", 0, "k", "v")).get();
        }
    }

    static void deleteFolder(Path lost) throws IOException {
        try (Stream<Path> all = Files.walk(lost)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
