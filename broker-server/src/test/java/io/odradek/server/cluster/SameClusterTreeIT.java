package io.odradek.server.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.clients.Peer;
import io.odradek.server.zookeeper.RecordedWrite;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three brokers of ours and three of Apache Kafka 3.9.2 undergo the same, and leave the same tree in ZooKeeper but for times and
 * ids: leaders, epochs and replicas in sync in their order, settings, and nothing that the others do not leave.
 */
@SuppressWarnings("try") // A client that is only closed.
@DisabledOnOs(OS.WINDOWS)
class SameClusterTreeIT {
    private static final Map<String, Map<Integer, List<Integer>>> TOPICS = Map.of(
            "steady", Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1), 2, List.of(3, 1, 2)),
            "unclean", Map.of(0, List.of(2, 3)),
            "gone", Map.of(0, List.of(1), 1, List.of(2)));

    @TempDir(factory = InTarget.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    @Timeout(600)
    void theSameActionsLeaveTheSameTree() throws Exception {
        Path ours = folder.resolve("ours");
        Path kafkas = folder.resolve("kafka");
        Peer peer = new Peer("3.9.2", kafkas.resolve("peer"));
        FutureTask<SortedMap<String, String>> expected =
                new FutureTask<>(() -> tree(kafkas, new Software.OfKafka(peer)));
        // Both spend most of their time waiting for the ends of sessions.
        Thread beside = new Thread(expected, "kafka");
        beside.start();
        try {
            assertThat(tree(ours, new Software.OfClasses())).isEqualTo(expected.get());
        } finally {
            beside.join();
        }
        assertThat(written(ours)).isEqualTo(written(kafkas));
    }

    /**
     * What was written into the nodes of topics and settings, in the order of time. Left out: that Kafka takes the partitions of
     * a topic offline before it deletes them.
     */
    private static SortedMap<String, List<String>> written(Path folder) throws IOException {
        SortedMap<String, List<String>> written = new TreeMap<>();
        for (RecordedWrite write :
                RecordedWrite.read(folder.resolve("zookeeper-1").resolve("data"), "")) {
            boolean isTopics = write.path().startsWith("/brokers/topics/")
                    || write.path().startsWith("/config/")
                    || write.path().startsWith("/admin/");
            boolean isOffline = write.path().startsWith("/brokers/topics/gone/")
                    && write.text().contains("\"leader\":-1");
            if (isTopics && !isOffline) {
                String text = write.kind() == RecordedWrite.Kind.DELETE ? "deleted" : write.comparable();
                written.computeIfAbsent(write.path(), path -> new ArrayList<>())
                        .add(text.replaceAll("\"controller_epoch\":\\d+", "\"controller_epoch\":N"));
            }
        }
        return written;
    }

    private static SortedMap<String, String> tree(Path folder, Software software) throws Exception {
        // Leaders, followers and controllers go when this test says so, also on a busy machine, and it is the
        // controller who notices.
        ClusterShape shape = ClusterShape.ofThree(1)
                .with("auto.leader.rebalance.enable", "false")
                .with("replica.lag.time.max.ms", "60000")
                .with("zookeeper.session.timeout.ms", "8000");
        try (ProcessCluster cluster = ProcessCluster.start(folder, software, shape)) {
            restart(cluster, 2, 3);
            assertThat(cluster.controller()).isEqualTo(1);
            try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", cluster.bootstrapServers()))) {
                changeTopics(cluster, admin);
                changeSettings(admin);
                restart(cluster, 2);
                awaitInSync(cluster);
                preferFirst(cluster, admin);
                cluster.kill(3);
                cluster.awaitGone(3);
                cluster.start(3);
                awaitInSync(cluster);
                preferFirst(cluster, admin);
                loseTheReplicaInSync(cluster);
                awaitInSync(cluster);
            }
            return nodes(cluster);
        }
    }

    private static void restart(ProcessCluster cluster, int... ids) throws Exception {
        for (int id : ids) {
            cluster.stop(id);
            cluster.awaitUnregistered(id);
        }
        for (int id : ids) {
            cluster.start(id);
        }
    }

    private static void changeTopics(ProcessCluster cluster, Admin admin) throws Exception {
        for (String topic : new TreeSet<>(TOPICS.keySet())) {
            NewTopic created = new NewTopic(topic, TOPICS.get(topic));
            if (topic.equals("unclean")) {
                created.configs(Map.of("unclean.leader.election.enable", "true", "min.insync.replicas", "1"));
            }
            admin.createTopics(List.of(created)).all().get();
        }
        awaitInSync(cluster);
        admin.deleteTopics(List.of("gone")).all().get();
        await(
                "the end of a topic",
                () -> cluster.tree().partitions().keySet().stream()
                        .noneMatch(partition -> partition.startsWith("gone-")));
        admin.createPartitions(Map.of("steady", NewPartitions.increaseTo(4, List.of(List.of(3, 2, 1)))))
                .all()
                .get();
        await("a new partition", () -> cluster.tree().partitions().containsKey("steady-3"));
        awaitInSync(cluster);
    }

    private static void changeSettings(Admin admin) throws Exception {
        for (String value : new String[] {"5000000", "6000000"}) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, "steady"),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("retention.ms", value), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    private static void preferFirst(ProcessCluster cluster, Admin admin) throws Exception {
        Map<TopicPartition, Optional<Throwable>> outcome =
                admin.electLeaders(ElectionType.PREFERRED, null).partitions().get();
        assertThat(outcome.values())
                .allSatisfy(error -> assertThat(error.filter(e -> !(e instanceof ElectionNotNeededException)))
                        .isEmpty());
        await("the first replicas to lead", () -> {
            for (Map.Entry<String, ClusterTree.Leadership> partition :
                    cluster.tree().partitions().entrySet()) {
                if (partition.getValue().leader()
                        != replicas(partition.getKey()).get(0)) {
                    return false;
                }
            }
            return true;
        });
    }

    /** The follower has gone before the leader, and is the first to come back. */
    private static void loseTheReplicaInSync(ProcessCluster cluster) throws Exception {
        TopicPartition unclean = new TopicPartition("unclean", 0);
        cluster.kill(3);
        cluster.awaitGone(3);
        cluster.kill(2);
        await("no leader", () -> cluster.tree().leadership(unclean).leader() == -1);
        cluster.start(3);
        await("an unclean leader", () -> cluster.tree().leadership(unclean).leader() == 3);
        cluster.start(2);
    }

    private static List<Integer> replicas(String partition) {
        return partition.equals("steady-3")
                ? List.of(3, 2, 1)
                : TOPICS.get(partition.substring(0, partition.lastIndexOf('-')))
                        .get(Integer.valueOf(partition.substring(partition.lastIndexOf('-') + 1)));
    }

    private static void awaitInSync(ProcessCluster cluster) {
        cluster.awaitAllRegistered();
        await("all replicas in sync", () -> {
            for (Map.Entry<String, ClusterTree.Leadership> partition :
                    cluster.tree().partitions().entrySet()) {
                if (!partition.getValue().isr().equals(new TreeSet<>(replicas(partition.getKey())))) {
                    return false;
                }
            }
            return true;
        });
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) {
        Awaitility.await(what)
                .atMost(ProcessCluster.PATIENCE)
                .ignoreExceptionsInstanceOf(KeeperException.class)
                .until(condition::holds);
    }

    /** How many controllers there were before the first action is left to chance. */
    private static SortedMap<String, String> nodes(ProcessCluster cluster) throws Exception {
        SortedMap<String, String> nodes = new TreeMap<>();
        try (ZooKeeper client = new ZooKeeper(cluster.zooKeepers().connect(), 10_000, event -> {})) {
            await("ZooKeeper", () -> client.getState().isConnected());
            String epoch = new String(client.getData("/controller_epoch", false, null), UTF_8);
            for (String path : List.of(
                    "/admin",
                    "/brokers",
                    "/config",
                    "/controller",
                    "/feature",
                    "/isr_change_notification",
                    "/latest_producer_id_block",
                    "/log_dir_event_notification")) {
                collect(client, path, nodes);
            }
            nodes.replaceAll((path, text) -> text.replaceAll("\"port\":\\d+|127.0.0.1:\\d+", "PORT")
                    .replace("\"controller_epoch\":" + epoch, "\"controller_epoch\":LAST")
                    .replaceAll("\"timestamp\":\"\\d+\"", "\"timestamp\":\"TIME\"")
                    .replaceAll("\"(topic_id|id)\":\"[-_A-Za-z0-9]{22}\"", "\"$1\":\"ID\""));
        }
        assertThat(nodes).hasSizeGreaterThan(20);
        return nodes;
    }

    private static void collect(ZooKeeper client, String path, SortedMap<String, String> nodes) throws Exception {
        byte[] data = client.getData(path, false, null);
        nodes.put(path, data == null ? "null" : new String(data, UTF_8));
        for (String child : client.getChildren(path, false)) {
            collect(client, path + "/" + child, nodes);
        }
    }
}
