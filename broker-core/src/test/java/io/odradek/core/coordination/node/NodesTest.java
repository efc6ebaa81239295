package io.odradek.core.coordination.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is written is read again; older forms are read. That Kafka writes the same is shown by tests that have Kafka. */
class NodesTest {
    private static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(UTF_8);
    }

    @Test
    void listenersStandInTheBrokersOrder() {
        Map<String, String> protocols = new LinkedHashMap<>();
        protocols.put("Z", "SSL");
        protocols.put("A", "PLAINTEXT");
        BrokerNode node = new BrokerNode(
                new TreeMap<>(Map.of("A", new Endpoint("::1", 2), "Z", new Endpoint("z", 1))), protocols, "r", 7);
        assertThat(new String(node.encode(), UTF_8))
                .contains("[\"Z://z:1\",\"A://[::1]:2\"],\"rack\":\"r\"")
                .contains("\"port\":2,\"host\":\"::1\"");
        BrokerNode read = BrokerNode.decode(node.encode());
        assertThat(read).isEqualTo(node);
        assertThat(read.encode()).isEqualTo(node.encode());
    }

    @Test
    void aTopicThatIsBeingMovedIsReadAsItWasWritten() {
        TreeMap<Integer, List<Integer>> replicas = new TreeMap<>(Map.of(0, List.of(1, 2, 3), 10, List.of(2)));
        TopicNode node = new TopicNode(
                new Uuid(3, 4), replicas, new TreeMap<>(Map.of(0, List.of(3))), new TreeMap<>(Map.of(0, List.of(1))));
        assertThat(TopicNode.decode(node.encode())).isEqualTo(node);
        assertThat(TopicNode.decode(json("{'version':1,'partitions':{'0':[1]}}")))
                .isEqualTo(new TopicNode(Uuid.ZERO, new TreeMap<>(Map.of(0, List.of(1)))));
    }

    @Test
    void aLeaderFromOutsideTheIsrIsMarkedUntilItHasConfirmed() {
        PartitionStateNode recovering = new PartitionStateNode(1, 2, List.of(1), 3, true);
        assertThat(PartitionStateNode.decode(recovering.encode())).isEqualTo(recovering);
        PartitionStateNode usual = new PartitionStateNode(1, 2, List.of(1), 3);
        assertThat(PartitionStateNode.decode(usual.encode())).isEqualTo(usual);
        assertThat(usual.recovering()).isFalse();
    }

    @Test
    void oldAndNewFeaturesAreRead() {
        FeatureNode node = new FeatureNode(true, new TreeMap<>(Map.of("one", 7)));
        assertThat(FeatureNode.decode(node.encode())).isEqualTo(node);
        assertThat(FeatureNode.decode(FeatureNode.none().encode())).isEqualTo(FeatureNode.none());
        String old = "{'features':{'one':{'max_version_level':7,'min_version_level':1}},'version':1,'status':0}";
        assertThat(FeatureNode.decode(json(old))).isEqualTo(new FeatureNode(false, node.maxLevels()));
    }

    @Test
    void whatOldToolsAndBrokersWriteIsRead() {
        PartitionsNode partitions = new PartitionsNode(List.of(new TopicPartition("b", 1), new TopicPartition("a", 2)));
        assertThat(PartitionsNode.decode(partitions.encode())).isEqualTo(partitions);
        ReassignmentNode moves = new ReassignmentNode(Map.of(new TopicPartition("b", 1), List.of(1, 2)));
        assertThat(ReassignmentNode.decode(moves.encode())).isEqualTo(moves);
        assertThat(ConfigChangeNode.decode(json("{'version':1,'entity_type':'topics','entity_name':'t'}")))
                .isEqualTo(new ConfigChangeNode("topics/t"));
    }
}
