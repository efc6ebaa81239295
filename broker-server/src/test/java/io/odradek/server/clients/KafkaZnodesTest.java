package io.odradek.server.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.node.BrokerNode;
import io.odradek.core.coordination.node.ClusterIdNode;
import io.odradek.core.coordination.node.ConfigChangeNode;
import io.odradek.core.coordination.node.ControllerNode;
import io.odradek.core.coordination.node.FeatureNode;
import io.odradek.core.coordination.node.LogDirEventNode;
import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.core.coordination.node.ProducerIdBlockNode;
import io.odradek.core.coordination.node.TopicConfigNode;
import io.odradek.core.coordination.node.TopicNode;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.server.zookeeper.RecordedWrite;
import io.odradek.server.zookeeper.RecordedWrite.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The nodes that Apache Kafka 3.9.2 writes, beside what is encoded here for the same facts: every byte but times and ids. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaZnodesTest {
    private RecordedKafka kafka;
    private List<RecordedWrite> writes;

    @BeforeAll
    void record(@TempDir Path folder) throws Exception {
        kafka = new RecordedKafka(folder);
        kafka.run();
        writes = kafka.writes();
    }

    /** {@return what a node was created with and set to; ephemeral nodes of Kafka are created empty and set at once} */
    private List<String> texts(String path) {
        List<String> texts = new ArrayList<>();
        for (RecordedWrite write : writes) {
            if (write.path().equals(path) && (write.kind() == Kind.CREATE || write.kind() == Kind.SET)) {
                texts.add(write.text());
            }
        }
        assertThat(texts).as("writes of %s", path).isNotEmpty();
        return texts;
    }

    private byte[] first(String path) {
        return texts(path).get(0).getBytes(UTF_8);
    }

    private static String text(byte[] encoded) {
        return new String(encoded, UTF_8);
    }

    @Test
    void theSameParentsAreMadeInTheSameOrderWithNothingInThem() {
        List<String> parents = new ArrayList<>();
        for (RecordedWrite write : writes) {
            if (write.path().equals(ClusterPaths.CLUSTER_ID)) {
                break;
            }
            assertThat(write.kind()).isEqualTo(Kind.CREATE);
            assertThat(write.data()).as(write.path()).isNull();
            parents.add(write.path());
        }
        assertThat(parents).isEqualTo(ClusterPaths.PERSISTENT);
        for (String parent : List.of("gone/partitions", "gone/partitions/0")) {
            assertThat(texts(ClusterPaths.TOPICS + "/" + parent)).containsExactly("null");
        }
        assertThat(texts(ClusterPaths.deleteTopic("gone"))).containsExactly("null");
    }

    @Test
    void nothingIsWrittenThatHasNoPlaceHere() {
        Set<String> places = new TreeSet<>();
        for (RecordedWrite write : writes) {
            places.add(write.path()
                    .replaceAll("/topics/[^/]+", "/topics/T")
                    .replaceAll("/(partitions|ids)/\\d+", "/$1/N")
                    .replaceAll("/delete_topics/.*", "/delete_topics/T")
                    .replaceAll("/config/brokers/.*", "/config/brokers/N")
                    .replaceAll("\\d{10}", ""));
        }
        Set<String> known = new TreeSet<>(ClusterPaths.PERSISTENT);
        known.addAll(List.of(
                ClusterPaths.CLUSTER_ID,
                ClusterPaths.CONTROLLER,
                ClusterPaths.CONTROLLER_EPOCH,
                ClusterPaths.FEATURE,
                ClusterPaths.REASSIGNMENT,
                ClusterPaths.PREFERRED_ELECTION,
                ClusterPaths.BROKER_IDS + "/N",
                ClusterPaths.BROKER_CONFIGS + "/N",
                ClusterPaths.TOPIC_CONFIGS + "/T",
                ClusterPaths.CONFIG_CHANGES + "/" + ClusterPaths.CONFIG_CHANGE_PREFIX,
                ClusterPaths.LOG_DIR_EVENTS + "/log_dir_event_",
                ClusterPaths.deleteTopic("T"),
                ClusterPaths.topic("T"),
                ClusterPaths.partitions("T"),
                ClusterPaths.partitions("T") + "/N",
                ClusterPaths.partitions("T") + "/N/state"));
        assertThat(places).isEqualTo(known);
    }

    @Test
    void aClusterHasItsId() {
        String written = texts(ClusterPaths.CLUSTER_ID).get(0);
        assertThat(text(ClusterIdNode.decode(written.getBytes(UTF_8)).encode())).isEqualTo(written);
    }

    @Test
    void aBrokerRegistersItsListenersInTheirOrder() {
        String written = texts(ClusterPaths.broker(0)).get(0);
        Map<String, String> protocols = new LinkedHashMap<>();
        protocols.put("PLAINTEXT", "PLAINTEXT");
        protocols.put("ZWEI", "PLAINTEXT");
        protocols.put("EINS", "PLAINTEXT");
        TreeMap<String, Endpoint> endpoints = new TreeMap<>(Map.of(
                "PLAINTEXT", new Endpoint("127.0.0.1", kafka.ports().get(0)),
                "ZWEI", new Endpoint("::1", kafka.ports().get(1)),
                "EINS", new Endpoint("drei", 3)));
        long time = BrokerNode.decode(written.getBytes(UTF_8)).timestampMs();
        assertThat(text(new BrokerNode(endpoints, protocols, "r\"1", time).encode()))
                .isEqualTo(written);
        assertThat(text(BrokerNode.decode(written.getBytes(UTF_8)).encode())).isEqualTo(written);
    }

    @Test
    void aBrokerWithoutANumberIsGivenTheNextVersionOfTheSequenceAboveTheReservedOnes() {
        assertThat(texts(ClusterPaths.BROKER_SEQUENCE)).containsExactly("null", "");
        String written = texts(ClusterPaths.broker(1001)).get(0);
        assertThat(text(BrokerNode.decode(written.getBytes(UTF_8)).encode())).isEqualTo(written);
    }

    @Test
    void aControllerIsElected() {
        // It is created with what it holds, as the brokers are not.
        String written = writes.stream()
                .filter(write -> write.path().equals(ClusterPaths.CONTROLLER))
                .findFirst()
                .orElseThrow()
                .text();
        long time = ControllerNode.decode(written.getBytes(UTF_8)).timestampMs();
        assertThat(text(new ControllerNode(0, time).encode())).isEqualTo(written);
        assertThat(texts(ClusterPaths.CONTROLLER_EPOCH)).startsWith("0", "1");
        assertThat(texts(ClusterPaths.FEATURE))
                .containsExactly(text(FeatureNode.none().encode()));
    }

    @Test
    void topicsAreCreatedGrownAndMoved() {
        List<String> plain = texts(ClusterPaths.topic("plain"));
        TopicNode created = TopicNode.decode(plain.get(0).getBytes(UTF_8));
        TreeMap<Integer, List<Integer>> replicas = new TreeMap<>(Map.of(0, List.of(0, 1001), 1, List.of(1001, 0)));
        assertThat(plain.get(0)).isEqualTo(text(new TopicNode(created.topicId(), replicas).encode()));
        replicas.put(2, List.of(0, 1001));
        assertThat(plain.get(1)).isEqualTo(text(new TopicNode(created.topicId(), replicas).encode()));
        List<String> many = texts(ClusterPaths.topic("many"));
        assertThat(TopicNode.decode(many.get(0).getBytes(UTF_8)).replicas()).hasSize(100);
        for (String written : many) {
            assertThat(text(TopicNode.decode(written.getBytes(UTF_8)).encode())).isEqualTo(written);
        }
        TopicNode moving = TopicNode.decode(many.get(1).getBytes(UTF_8));
        assertThat(moving.replicas()).containsEntry(12, List.of(1001, 0));
        assertThat(moving.adding()).isEqualTo(Map.of(12, List.of(1001)));
        assertThat(moving.removing()).isEqualTo(Map.of(12, List.of(0)));
    }

    @Test
    void partitionsHaveLeadersAndThoseOfADeletedTopicHaveNone() {
        assertThat(texts(ClusterPaths.partitionState("plain", 1)).get(0))
                .isEqualTo(text(new PartitionStateNode(1001, 0, List.of(1001, 0), 1).encode()));
        assertThat(texts(ClusterPaths.partitionState("gone", 0)))
                .containsExactly(
                        text(new PartitionStateNode(1001, 0, List.of(1001), 1).encode()),
                        text(new PartitionStateNode(-1, 1, List.of(1001), 1).encode()));
        List<String> moved = texts(ClusterPaths.partitionState("plain", 0));
        assertThat(moved.get(2)).isEqualTo(text(new PartitionStateNode(1001, 2, List.of(0, 1001), 1).encode()));
    }

    @Test
    void settingsAndTheNoticesOfTheirChanges() {
        assertThat(text(first(ClusterPaths.topicConfig("many"))))
                .isEqualTo(text(new TopicConfigNode(RecordedKafka.MANY_SETTINGS).encode()));
        assertThat(texts(ClusterPaths.topicConfig("plain")))
                .containsExactly(settings(), settings("retention.ms", "5000000"), settings());
        assertThat(texts(ClusterPaths.BROKER_CONFIGS + "/0")).containsExactly(settings("log.cleaner.threads", "2"));
        assertThat(texts(ClusterPaths.BROKER_CONFIGS + "/" + ClusterPaths.DEFAULT_ENTITY))
                .containsExactly(settings("log.cleaner.threads", "1"));
        String[] changed = {"topics/plain", "topics/plain", "brokers/0", "brokers/<default>"};
        for (int i = 0; i < changed.length; i++) {
            assertThat(texts(ClusterPaths.CONFIG_CHANGES + "/config_change_000000000" + i))
                    .containsExactly(text(new ConfigChangeNode(changed[i]).encode()));
        }
    }

    private static String settings(String... namesAndValues) {
        TreeMap<String, String> settings = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return text(new TopicConfigNode(settings).encode());
    }

    @Test
    void producerIdsAreClaimedInBlocks() {
        List<String> blocks = texts(ClusterPaths.PRODUCER_ID_BLOCK);
        assertThat(blocks.get(0)).isEqualTo("null");
        int broker = ProducerIdBlockNode.decode(blocks.get(1).getBytes(UTF_8)).brokerId();
        assertThat(blocks.get(1))
                .isEqualTo(text(ProducerIdBlockNode.next(new byte[0], broker).encode()));
    }

    @Test
    void aLostLogFolderIsToldOf() {
        assertThat(texts(ClusterPaths.LOG_DIR_EVENTS + "/log_dir_event_0000000000"))
                .containsExactly(text(new LogDirEventNode(0).encode()));
    }
}
