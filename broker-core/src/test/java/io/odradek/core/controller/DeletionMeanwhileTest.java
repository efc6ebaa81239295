package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.node.TopicNode;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Topics go while the controller is about to tell brokers of them. */
class DeletionMeanwhileTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);

    private SimulatedCluster cluster;
    private SimulatedCluster.Broker broker;

    @BeforeEach
    void open() throws IOException {
        cluster = new SimulatedCluster();
        broker = cluster.start(1);
        broker.create("t", 1, 1, Map.of());
        broker.create("broken", 1, 1, Map.of());
    }

    @AfterEach
    void close() {
        cluster.close();
        cluster.files.close();
    }

    /** The broker's answer, after 50 ms, makes the controller elect and tell it again. */
    private void tellBrokerOfAllTopics() {
        broker.replicas.broken.add(new TopicPartition("broken", 0));
        broker.replicas.delayMs = 50;
        cluster.value(LogDirEvents.announce(cluster.observer(), 1));
        cluster.world.advanceMs(10);
    }

    @Test
    void aTopicThatIsDeletedWhileLeadersAreElectedIsNotToldOfAgain() {
        tellBrokerOfAllTopics();
        var deletion = broker.controller.deleteTopics(List.of("t"));
        cluster.world.advanceMs(500);
        assertThat(cluster.value(deletion)).containsEntry("t", ErrorCode.NONE);
        assertThat(broker.replicas.served).doesNotContainKey(T0);
        assertThat(broker.image().topics()).containsOnlyKeys("broken");
        assertThat(broker.image().topics().get("broken").partitions().get(0).leader())
                .isEqualTo(-1);
    }

    @Test
    void aTopicOfTheSameNameIsNotTakenForTheOneThatWasDeleted() {
        tellBrokerOfAllTopics();
        broker.replicas.delayMs = 1;
        var deletion = broker.controller.deleteTopics(List.of("t"));
        cluster.world.advanceMs(5);
        assertThat(cluster.value(deletion)).containsEntry("t", ErrorCode.NONE);
        NewTopic again = new NewTopic("t", -1, (short) -1, new TreeMap<>(Map.of(0, List.of(1))), Map.of());
        var creation = broker.controller.createTopics(List.of(again), false);
        cluster.world.advanceMs(5);
        assertThat(cluster.value(creation).get(0).error()).isEqualTo(ErrorCode.NONE);
        Uuid id = broker.image().topics().get("t").id();
        cluster.world.advanceMs(500);
        assertThat(broker.replicas.topicId("t")).isEqualTo(id);
        assertThat(broker.image().topics().get("t").id()).isEqualTo(id);
        assertThat(cluster.text(ClusterPaths.topic("t"))).contains(id.toString());
    }

    @Test
    void theControllerStaysInOfficeWheneverATopicGoesThatItHasJustFound() {
        boolean shown = false;
        for (int events = 0; !shown; events++) {
            String topic = "found" + events;
            SortedMap<Integer, List<Integer>> replicas = new TreeMap<>(Map.of(0, List.of(1), 1, List.of(1)));
            byte[] node = new TopicNode(new Uuid(1, events), replicas).encode();
            var found = cluster.observer().create(ClusterPaths.topic(topic), node, CreateMode.PERSISTENT);
            int[] passed = new int[1];
            int most = events;
            cluster.world.runUntil(() -> passed[0]++ >= most || isShown(topic), 0);
            shown = isShown(topic);
            var deletion = broker.controller.deleteTopics(List.of(topic));
            cluster.value(found);
            cluster.world.advanceMs(5_000);
            assertThat(cluster.text("/controller_epoch")).as(topic).isEqualTo("1");
            boolean tooEarly = cluster.value(deletion).get(topic) != ErrorCode.NONE;
            assertThat(isShown(topic)).as(topic).isEqualTo(tooEarly);
            assertThat(broker.replicas.served.containsKey(new TopicPartition(topic, 0)))
                    .as(topic)
                    .isEqualTo(tooEarly);
        }
    }

    private boolean isShown(String topic) {
        return broker.image().topics().containsKey(topic);
    }
}
