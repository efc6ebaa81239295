package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.core.coordination.node.TopicNode;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControllerTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);

    private SimulatedCluster cluster;

    @BeforeEach
    void open() throws IOException {
        cluster = new SimulatedCluster();
    }

    @AfterEach
    void close() {
        cluster.close();
        cluster.files.close();
    }

    @Test
    void theFirstBrokerIsElectedAndPublishesItself() {
        SimulatedCluster.Broker broker = cluster.start(1);
        assertThat(broker.image().controllerId()).isEqualTo(1);
        assertThat(broker.image().clusterId()).isEqualTo(SimulatedCluster.CLUSTER_ID);
        assertThat(broker.image().brokers()).containsOnlyKeys(1);
        assertThat(cluster.text("/controller_epoch")).isEqualTo("1");
        assertThat(cluster.text("/controller")).contains("\"brokerid\":1");
        assertThat(cluster.text("/cluster/id"))
                .isEqualTo("{\"version\":\"1\",\"id\":\"" + SimulatedCluster.CLUSTER_ID + "\"}");
    }

    @Test
    void aTopicIsServedAndShownWhenItsCreationIsAnswered() {
        SimulatedCluster.Broker broker = cluster.start(1);
        TopicResult result = broker.create("t", 2, 1, Map.of("retention.ms", "5000"));
        assertThat(result.error()).isEqualTo(ErrorCode.NONE);
        assertThat(broker.replicas.served).containsOnlyKeys(T0, new TopicPartition("t", 1));
        assertThat(broker.replicas.configs.get("t")).containsExactly(Map.entry("retention.ms", "5000"));
        assertThat(broker.image().topics().get("t").partitions())
                .containsOnly(new PartitionInfo(1, 0, List.of(1), List.of(1)));
        assertThat(broker.image().topicNames()).containsEntry(result.id(), "t");
        assertThat(cluster.text("/config/topics/t"))
                .isEqualTo("{\"version\":1,\"config\":{\"retention.ms\":\"5000\"}}");
        assertThat(cluster.text("/brokers/topics/t/partitions/1/state"))
                .isEqualTo("{\"controller_epoch\":1,\"leader\":1,\"version\":1,\"leader_epoch\":0,\"isr\":[1]}");
        assertThat(cluster.text("/brokers/topics/t"))
                .isEqualTo("{\"partitions\":{\"0\":[1],\"1\":[1]},\"topic_id\":\"" + result.id()
                        + "\",\"adding_replicas\":{},\"removing_replicas\":{},\"version\":3}");
    }

    @Test
    void aTopicIsNotShownBeforeItsLeadersServe() {
        SimulatedCluster.Broker broker = cluster.start(1);
        broker.replicas.delayMs = 50;
        broker.controller.createTopics(List.of(new NewTopic("t", 1, (short) 1, new TreeMap<>(), Map.of())), false);
        cluster.world.advanceMs(49);
        assertThat(broker.image().topics()).isEmpty();
        cluster.world.advanceMs(2);
        assertThat(broker.image().topics()).containsOnlyKeys("t");
    }

    @Test
    void whatKafkaRefusesIsRefused() {
        SimulatedCluster.Broker broker = cluster.start(1);
        broker.create("a.b", 1, 1, Map.of());
        assertThat(broker.create("a.b", 1, 1, Map.of()).error()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
        assertThat(broker.create("a_b", 1, 1, Map.of()).error()).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
        assertThat(broker.create("no/slash", 1, 1, Map.of()).error()).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
        assertThat(broker.create("p", 0, 1, Map.of()).error()).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        assertThat(broker.create("p", 101, 1, Map.of()).error()).isEqualTo(ErrorCode.POLICY_VIOLATION);
        assertThat(broker.create("p", 1, 0, Map.of()).error()).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
        TopicResult tooMany = broker.create("p", 1, 3, Map.of());
        assertThat(tooMany.error()).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
        assertThat(tooMany.message()).contains("3").contains("live brokers, 1");
        assertThat(broker.create("p", 1, 1, Map.of("retention.ms", "soon")).error())
                .isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(broker.create("p", 1, 1, Map.of("no.such.setting", "1")).error())
                .isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(broker.image().topics()).containsOnlyKeys("a.b");
    }

    @Test
    void assignmentsAreTakenAsTheyAreOrRefused() {
        SimulatedCluster.Broker broker = cluster.start(1);
        cluster.start(2);
        NewTopic good = assigned("good", -1, Map.of(0, List.of(2, 1), 1, List.of(1, 2)));
        NewTopic gap = assigned("gap", -1, Map.of(0, List.of(1), 2, List.of(1)));
        NewTopic twice = assigned("twice", -1, Map.of(0, List.of(1, 1)));
        NewTopic uneven = assigned("uneven", -1, Map.of(0, List.of(1), 1, List.of(1, 2)));
        NewTopic unknown = assigned("unknown", -1, Map.of(0, List.of(7)));
        NewTopic counted = assigned("counted", 1, Map.of(0, List.of(1)));
        List<TopicResult> results = cluster.value(
                broker.controller.createTopics(List.of(good, gap, twice, uneven, unknown, counted), false));
        assertThat(results)
                .extracting(TopicResult::error)
                .containsExactly(
                        ErrorCode.NONE,
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        ErrorCode.INVALID_REQUEST);
        assertThat(broker.image().topics().get("good").partitions())
                .extracting(PartitionInfo::leader)
                .containsExactly(2, 1);
    }

    private static NewTopic assigned(String name, int partitions, Map<Integer, List<Integer>> assignment) {
        return new NewTopic(name, partitions, (short) -1, new TreeMap<>(assignment), Map.of());
    }

    @Test
    void validatingOnlyCreatesNothing() {
        SimulatedCluster.Broker broker = cluster.start(1);
        NewTopic wanted = new NewTopic("t", -1, (short) -1, new TreeMap<>(), Map.of());
        TopicResult result = cluster.value(broker.controller.createTopics(List.of(wanted), true))
                .get(0);
        assertThat(result.error()).isEqualTo(ErrorCode.NONE);
        assertThat(result.partitions()).isEqualTo(1);
        assertThat(cluster.value(cluster.observer().children(ClusterPaths.TOPICS)))
                .isEmpty();
    }

    @Test
    void aDeletedTopicLeavesNothingAndItsNameIsFreeAtOnce() {
        SimulatedCluster.Broker broker = cluster.start(1);
        Uuid first = broker.create("t", 2, 1, Map.of()).id();
        assertThat(cluster.value(broker.controller.deleteTopics(List.of("t", "none"))))
                .containsEntry("t", ErrorCode.NONE)
                .containsEntry("none", ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(broker.replicas.deleted).containsExactly(T0, new TopicPartition("t", 1));
        assertThat(broker.image().topics()).isEmpty();
        for (String parent : List.of(ClusterPaths.TOPICS, ClusterPaths.TOPIC_CONFIGS, ClusterPaths.DELETE_TOPICS)) {
            assertThat(cluster.value(cluster.observer().children(parent)))
                    .as(parent)
                    .isEmpty();
        }
        TopicResult again = broker.create("t", 1, 1, Map.of());
        assertThat(again.error()).isEqualTo(ErrorCode.NONE);
        assertThat(again.id()).isNotEqualTo(first);
        assertThat(broker.replicas.topicId("t")).isEqualTo(again.id());
    }

    @Test
    void aTopicCreatedByAnotherToolIsPickedUp() {
        SimulatedCluster.Broker broker = cluster.start(1);
        TopicNode node = new TopicNode(new Uuid(1, 2), new TreeMap<>(Map.of(0, List.of(1))));
        cluster.value(cluster.observer().create(ClusterPaths.topic("t"), node.encode(), CreateMode.PERSISTENT));
        assertThat(broker.image().topics().get("t").id()).isEqualTo(new Uuid(1, 2));
        assertThat(broker.replicas.served).containsOnlyKeys(T0);
    }

    @Test
    void aDeletionAskedForByAnotherToolIsDone() {
        SimulatedCluster.Broker broker = cluster.start(1);
        broker.create("t", 1, 1, Map.of());
        for (String topic : List.of("t", "unknown")) {
            cluster.value(
                    cluster.observer().create(ClusterPaths.deleteTopic(topic), new byte[0], CreateMode.PERSISTENT));
        }
        assertThat(broker.image().topics()).isEmpty();
        assertThat(cluster.value(cluster.observer().children(ClusterPaths.DELETE_TOPICS)))
                .isEmpty();
    }

    @Test
    void aRestartServesTheTopicsInTheSameEpochAndRaisesTheControllers() throws IOException {
        Uuid id = cluster.start(1)
                .create("t", 1, 1, Map.of("segment.bytes", "1000"))
                .id();
        cluster.restartStore();
        SimulatedCluster.Broker broker = cluster.start(1);
        assertThat(broker.image().topics().get("t").id()).isEqualTo(id);
        assertThat(broker.image().topics().get("t").config()).containsEntry("segment.bytes", "1000");
        assertThat(broker.replicas.served.get(T0).leaderEpoch()).isZero();
        assertThat(cluster.text("/controller_epoch")).isEqualTo("2");
    }

    @Test
    void aDeletionThatWasCutShortIsCompletedByTheNextController() throws IOException {
        SimulatedCluster.Broker broker = cluster.start(1);
        broker.create("t", 1, 1, Map.of());
        broker.replicas.delayMs = 1000;
        broker.controller.deleteTopics(List.of("t"));
        cluster.world.advanceMs(1);
        assertThat(cluster.value(cluster.observer().children(ClusterPaths.DELETE_TOPICS)))
                .containsExactly("t");
        cluster.restartStore();
        SimulatedCluster.Broker next = cluster.start(1);
        assertThat(next.replicas.deleted).containsExactly(T0);
        assertThat(next.replicas.configs).as("what brokers were told of").doesNotContainKey("t");
        assertThat(next.image().topics()).isEmpty();
        assertThat(cluster.value(cluster.observer().children(ClusterPaths.TOPICS)))
                .isEmpty();
    }

    @Test
    void aPartitionThatItsOnlyBrokerCannotServeHasNoLeader() {
        SimulatedCluster.Broker broker = cluster.start(1);
        broker.replicas.broken.add(T0);
        assertThat(broker.create("t", 2, 1, Map.of()).error()).isEqualTo(ErrorCode.NONE);
        assertThat(broker.image().topics().get("t").partitions())
                .containsExactly(
                        new PartitionInfo(-1, 1, List.of(1), List.of(1), List.of(1)),
                        new PartitionInfo(1, 0, List.of(1), List.of(1)));
    }

    @Test
    void aPartitionThatItsOnlyBrokerCanServeAtLastHasALeader() {
        SimulatedCluster.Broker broker = cluster.start(1);
        broker.replicas.broken.add(T0);
        broker.create("t", 2, 1, Map.of());

        broker.replicas.broken.clear();
        cluster.world.advanceMs(61_000);

        assertThat(broker.image().topics().get("t").partitions())
                .containsExactly(
                        new PartitionInfo(1, 2, List.of(1), List.of(1)),
                        new PartitionInfo(1, 0, List.of(1), List.of(1)));
        assertThat(broker.replicas.served.get(T0).leaderEpoch()).isEqualTo(2);
    }

    @Test
    void whatABrokerCannotServeIsOfferedToItSoonThenEverMoreRarely() {
        SimulatedCluster.Broker broker = cluster.start(1);
        broker.create("served", 1, 1, Map.of());
        broker.replicas.broken.add(T0);
        broker.create("t", 1, 1, Map.of());
        cluster.world.advanceMs(600_000);
        assertThat(broker.image().topics().get("t").partitions().get(0).failed())
                .containsExactly(1);
        TopicPartition later = new TopicPartition("later", 0);
        broker.replicas.broken.add(later);
        broker.create("later", 1, 1, Map.of());

        broker.replicas.broken.clear();
        cluster.world.advanceMs(3_000);

        assertThat(broker.image().topics().get("later").partitions())
                .containsExactly(new PartitionInfo(1, 2, List.of(1), List.of(1)));
        assertThat(broker.image().topics().get("t").partitions().get(0).failed())
                .isEmpty();
    }

    @Test
    void whenALeaderDiesTheNextInSyncReplicaLeadsInANewEpoch() {
        SimulatedCluster.Broker first = cluster.start(1);
        cluster.start(2);
        cluster.value(first.controller.createTopics(List.of(assigned("t", -1, Map.of(0, List.of(2, 1)))), false));
        assertThat(first.image().topics().get("t").partitions().get(0).leader()).isEqualTo(2);
        cluster.kill(2);
        assertThat(first.image().brokers()).containsOnlyKeys(1);
        assertThat(first.image().topics().get("t").partitions())
                .containsExactly(new PartitionInfo(1, 1, List.of(2, 1), List.of(1)));
        assertThat(PartitionStateNode.decode(cluster.value(cluster.observer().get(ClusterPaths.partitionState("t", 0)))
                        .data()))
                .isEqualTo(new PartitionStateNode(1, 1, List.of(1), 1));
    }

    @Test
    void whenTheControllerDiesAnotherBrokerTakesOver() {
        cluster.start(1).create("t", 1, 1, Map.of());
        SimulatedCluster.Broker second = cluster.start(2);
        assertThat(second.image().controllerId()).isEqualTo(1);
        assertThat(cluster.failure(second.controller.deleteTopics(List.of("t"))))
                .hasFieldOrPropertyWithValue("error", ErrorCode.NOT_CONTROLLER);
        cluster.kill(1);
        assertThat(second.image().controllerId()).isEqualTo(2);
        assertThat(cluster.text("/controller_epoch")).isEqualTo("2");
        assertThat(second.image().topics().get("t").partitions())
                .containsExactly(new PartitionInfo(-1, 1, List.of(1), List.of(1)));
    }

    @Test
    void aControllerThatHasBeenReplacedChangesNothing() {
        SimulatedCluster.Broker broker = cluster.start(1);
        cluster.value(
                cluster.observer().set("/controller_epoch", "9".getBytes(java.nio.charset.StandardCharsets.UTF_8), -1));
        assertThat(broker.create("t", 1, 1, Map.of()).error()).isEqualTo(ErrorCode.NOT_CONTROLLER);
        assertThat(cluster.value(cluster.observer().children(ClusterPaths.TOPICS)))
                .isEmpty();
    }

    @Test
    void autoCreationJoinsACreationUnderWay() {
        SimulatedCluster.Broker broker = cluster.start(1);
        TopicCreator creator = broker.creator();
        var first = creator.create("t");
        var second = creator.create("t");
        assertThat(cluster.value(first)).isEqualTo(ErrorCode.NONE);
        assertThat(cluster.value(second)).isEqualTo(ErrorCode.NONE);
        assertThat(cluster.value(creator.create("t"))).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
        assertThat(cluster.value(creator.create("no/"))).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    void aTopicOfManyPartitionsIsWrittenInPartsAndDeleted() throws IOException {
        NewTopic many = new NewTopic("many", -1, (short) -1, new TreeMap<>(), Map.of());
        cluster.close();
        cluster.files.close();
        cluster = new SimulatedCluster();
        cluster.defaultPartitions = 100;
        SimulatedCluster.Broker broker = cluster.start(1);
        assertThat(cluster.value(broker.controller.createTopics(List.of(many), false)))
                .extracting(TopicResult::partitions)
                .containsExactly(100);
        assertThat(broker.replicas.served).hasSize(100);
        assertThat(cluster.value(broker.controller.deleteTopics(List.of("many"))))
                .containsEntry("many", ErrorCode.NONE);
        assertThat(broker.replicas.served).isEmpty();
    }
}
