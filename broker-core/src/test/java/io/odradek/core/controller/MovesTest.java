package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.controller.IsrProposal.Member;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.core.coordination.node.ReassignmentNode;
import io.odradek.core.coordination.node.TopicNode;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.partition.LocalReplicas.Move;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Four brokers, the first of them controller, and topic "t" with one partition on brokers 2 and 3. */
class MovesTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);

    private SimulatedCluster cluster;
    private SimulatedCluster.Broker controller;

    @BeforeEach
    void open() throws IOException {
        cluster = new SimulatedCluster();
        for (int id = 1; id <= 4; id++) {
            cluster.start(id);
        }
        controller = cluster.brokers.get(1);
        SortedMap<Integer, List<Integer>> assignment = new TreeMap<>();
        assignment.put(0, List.of(2, 3));
        NewTopic wanted = new NewTopic("t", -1, (short) -1, assignment, new TreeMap<>());
        assertThat(cluster.value(controller.controller.createTopics(List.of(wanted), false))
                        .get(0)
                        .error())
                .isEqualTo(ErrorCode.NONE);
    }

    @AfterEach
    void close() {
        cluster.close();
        cluster.files.close();
    }

    private ErrorCode alter(List<Integer> replicas) {
        SortedMap<TopicPartition, List<Integer>> wanted = new TreeMap<>();
        wanted.put(T0, replicas);
        ErrorCode error = cluster.value(controller.controller.alterReassignments(wanted, true))
                .get(T0)
                .error();
        cluster.world.runUntilIdle();
        return error;
    }

    private SortedMap<TopicPartition, Assignment> underWay() {
        return cluster.value(controller.controller.reassignments(null));
    }

    private Assignment assignment() {
        TopicNode node = TopicNode.decode(
                cluster.value(cluster.observer().get(ClusterPaths.topic("t"))).data());
        return new Assignment(
                node.replicas().get(0),
                node.adding().getOrDefault(0, List.of()),
                node.removing().getOrDefault(0, List.of()));
    }

    private PartitionStateNode state() {
        return PartitionStateNode.decode(cluster.value(cluster.observer().get(ClusterPaths.partitionState("t", 0)))
                .data());
    }

    private void inSync(int leader, Integer... isr) {
        PartitionState led = cluster.brokers.get(leader).replicas.served.get(T0);
        int version = cluster.value(cluster.observer().get(ClusterPaths.partitionState("t", 0)))
                .version();
        List<Member> members = new ArrayList<>();
        for (int id : isr) {
            members.add(new Member(id, -1));
        }
        IsrProposal proposal = new IsrProposal(led.topicId(), null, 0, led.leaderEpoch(), version, members);
        assertThat(cluster.value(controller.controller.alterPartitions(leader, -1, List.of(proposal)))
                        .get(0)
                        .error())
                .isEqualTo(ErrorCode.NONE);
        cluster.world.runUntilIdle();
    }

    private PartitionInfo shown(int broker) {
        return cluster.brokers
                .get(broker)
                .image()
                .topics()
                .get("t")
                .partitions()
                .get(0);
    }

    /** A tool creates a topic. */
    private void written(String topic, int partitions, List<Integer> replicas) {
        SortedMap<Integer, List<Integer>> assignment = new TreeMap<>();
        for (int i = 0; i < partitions; i++) {
            assignment.put(i, replicas);
        }
        byte[] node = new TopicNode(new Uuid(5, 5), assignment).encode();
        cluster.value(cluster.observer().create(ClusterPaths.topic(topic), node, CreateMode.PERSISTENT));
    }

    @Test
    void whoComesCopiesAndWhoGoesDeletesWhenAllThatComeAreInSync() {
        assertThat(alter(List.of(4, 1))).isEqualTo(ErrorCode.NONE);
        Assignment moving = new Assignment(List.of(4, 1, 2, 3), List.of(4, 1), List.of(2, 3));
        assertThat(assignment()).isEqualTo(moving);
        assertThat(underWay()).containsEntry(T0, moving).hasSize(1);
        for (int id = 1; id <= 4; id++) {
            PartitionState told = cluster.brokers.get(id).replicas.served.get(T0);
            assertThat(told.leader()).isEqualTo(2);
            assertThat(told.leaderEpoch()).isEqualTo(1);
            assertThat(told.isNew()).as("new on %s", id).isEqualTo(id == 4 || id == 1);
            assertThat(told.move()).isEqualTo(new Move(List.of(4, 1), List.of(2, 3)));
            assertThat(shown(id).replicas()).containsExactly(4, 1, 2, 3);
        }
        inSync(2, 2, 3, 4);
        assertThat(assignment()).isEqualTo(moving);

        inSync(2, 2, 3, 4, 1);
        assertThat(assignment()).isEqualTo(Assignment.settled(List.of(4, 1)));
        assertThat(state()).isEqualTo(new PartitionStateNode(4, 2, List.of(4, 1), 1));
        assertThat(underWay()).isEmpty();
        for (int id = 1; id <= 4; id++) {
            boolean has = id == 4 || id == 1;
            assertThat(cluster.brokers.get(id).replicas.served.containsKey(T0)).isEqualTo(has);
            assertThat(has ? cluster.brokers.get(id).replicas.served.get(T0).move() : null)
                    .isNull();
            assertThat(cluster.brokers.get(id).replicas.deleted.contains(T0)).isEqualTo(!has);
            assertThat(shown(id)).isEqualTo(new PartitionInfo(4, 2, List.of(4, 1), List.of(4, 1)));
        }
        assertThat(cluster.text(ClusterPaths.topic("t")))
                .contains("\"adding_replicas\":{}")
                .contains("\"removing_replicas\":{}");
    }

    @Test
    void aMoveThatIsCancelledLeavesNothingBehind() {
        assertThat(alter(null)).isEqualTo(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS);
        alter(List.of(4, 3));
        assertThat(alter(null)).isEqualTo(ErrorCode.NONE);
        assertThat(assignment()).isEqualTo(Assignment.settled(List.of(3, 2)));
        assertThat(state().leader()).isEqualTo(2);
        assertThat(cluster.brokers.get(4).replicas.deleted).containsExactly(T0);
        assertThat(underWay()).isEmpty();
        assertThat(alter(null)).isEqualTo(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS);
    }

    @Test
    void aMoveGoesOnUnderTheNextController() {
        alter(List.of(4, 1));
        cluster.kill(1);
        cluster.world.advanceMs(5_000);
        controller = cluster.brokers.values().stream()
                .filter(broker -> broker.image().controllerId() == broker.id)
                .findFirst()
                .orElseThrow();
        assertThat(underWay()).containsOnlyKeys(T0);
        cluster.start(1);
        inSync(2, 2, 3, 4, 1);
        assertThat(assignment()).isEqualTo(Assignment.settled(List.of(4, 1)));
        assertThat(cluster.brokers.get(2).replicas.deleted).contains(T0);
        assertThat(cluster.brokers.get(3).replicas.deleted).contains(T0);
    }

    @Test
    void aMoveIsOverWhereAnElectionLeavesNobodyInSyncButThoseWhoCome() {
        alter(List.of(4));
        cluster.kill(2);
        cluster.kill(3);
        cluster.world.advanceMs(5_000);
        assertThat(cluster.value(controller.controller.electLeaders(ElectionType.UNCLEAN, List.of(T0))))
                .containsEntry(T0, Outcome.DONE);
        cluster.world.runUntilIdle();
        assertThat(state().leader()).isEqualTo(4);
        assertThat(assignment()).isEqualTo(new Assignment(List.of(4), List.of(), List.of(2, 3)));
        assertThat(underWay()).isEmpty();
    }

    /** Another broker becomes controller, with what one of Kafka's has left in the tree. */
    private void takeOver(Assignment assignment, PartitionStateNode state) {
        TopicNode before = TopicNode.decode(
                cluster.value(cluster.observer().get(ClusterPaths.topic("t"))).data());
        TopicNode left = new TopicNode(
                before.topicId(),
                new TreeMap<>(Map.of(0, assignment.replicas())),
                new TreeMap<>(assignment.adding().isEmpty() ? Map.of() : Map.of(0, assignment.adding())),
                new TreeMap<>(assignment.removing().isEmpty() ? Map.of() : Map.of(0, assignment.removing())));
        set(ClusterPaths.topic("t"), left.encode());
        set(ClusterPaths.partitionState("t", 0), state.encode());
        cluster.kill(1);
        cluster.world.advanceMs(5_000);
        controller = cluster.brokers.values().stream()
                .filter(broker -> broker.image().controllerId() == broker.id)
                .findFirst()
                .orElseThrow();
    }

    private void set(String path, byte[] data) {
        int version = cluster.value(cluster.observer().get(path)).version();
        cluster.value(cluster.observer().set(path, data, version));
    }

    @Test
    void aMoveThatKafkasControllerHasOnlyWrittenDownGoesOn() {
        Assignment moving = new Assignment(List.of(4, 3, 2), List.of(4), List.of(2));
        takeOver(moving, new PartitionStateNode(2, 0, List.of(2, 3), 1));
        assertThat(underWay()).containsEntry(T0, moving);
        for (int id = 2; id <= 4; id++) {
            PartitionState told = cluster.brokers.get(id).replicas.served.get(T0);
            assertThat(told.leader()).isEqualTo(2);
            assertThat(told.isNew()).as("new on %s", id).isEqualTo(id == 4);
            assertThat(told.move()).isEqualTo(new Move(List.of(4), List.of(2)));
        }
        inSync(2, 2, 3, 4);
        assertThat(assignment()).isEqualTo(Assignment.settled(List.of(4, 3)));
    }

    @Test
    void aMoveOfKafkasThatHasArrivedEnds() {
        Assignment moving = new Assignment(List.of(4, 3, 2), List.of(4), List.of(2));
        takeOver(moving, new PartitionStateNode(2, 1, List.of(2, 3, 4), 1));
        assertThat(assignment()).isEqualTo(Assignment.settled(List.of(4, 3)));
        assertThat(state()).isEqualTo(new PartitionStateNode(4, 2, List.of(3, 4), 2));
        assertThat(cluster.brokers.get(2).replicas.deleted).contains(T0);
    }

    @Test
    void aMoveOfWhichKafkasControllerHadOnlyToSayThatItIsOverEnds() {
        Assignment moving = new Assignment(List.of(4, 3, 2), List.of(4), List.of(2));
        takeOver(moving, new PartitionStateNode(4, 3, List.of(4, 3), 1));
        assertThat(assignment()).isEqualTo(Assignment.settled(List.of(4, 3)));
        assertThat(state().leader()).isEqualTo(4);
        assertThat(cluster.brokers.get(2).replicas.deleted).contains(T0);
        assertThat(underWay()).isEmpty();
    }

    @Test
    void aMoveThatKafkasControllerHasHalfTakenBackIsTakenBack() {
        takeOver(Assignment.settled(List.of(2, 3)), new PartitionStateNode(4, 2, List.of(2, 4), 1));
        assertThat(state()).isEqualTo(new PartitionStateNode(2, 3, List.of(2), 2));
        assertThat(cluster.brokers.get(3).replicas.served.get(T0).leader()).isEqualTo(2);
    }

    @Test
    void whoIsAwayIsNotWaitedForAndDeletesItsLogWhenItIsBack() {
        cluster.kill(3);
        alter(List.of(2, 4));
        inSync(2, 2, 4);
        assertThat(underWay()).isEmpty();
        assertThat(assignment()).isEqualTo(new Assignment(List.of(2, 4), List.of(), List.of(3)));
        assertThat(alter(null)).isEqualTo(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS);

        cluster.start(3);
        cluster.world.runUntilIdle();
        assertThat(cluster.brokers.get(3).replicas.deleted).containsExactly(T0);
        assertThat(assignment()).isEqualTo(Assignment.settled(List.of(2, 4)));
    }

    @Test
    void whatABrokerCannotDeleteHoldsUpNobody() {
        alter(List.of(2, 4));
        cluster.brokers.get(3).replicas.broken.add(T0);
        inSync(2, 2, 3, 4);
        assertThat(underWay()).isEmpty();
        assertThat(assignment()).isEqualTo(new Assignment(List.of(2, 4), List.of(), List.of(3)));
        assertThat(alter(List.of(2, 3))).as("it has its old log").isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        cluster.kill(3);
        cluster.start(3);
        assertThat(assignment()).isEqualTo(Assignment.settled(List.of(2, 4)));
        assertThat(alter(List.of(2, 3))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aTopicIsDeletedOnItsWayWithAllThatItHasAnywhere() {
        alter(List.of(4, 1));
        assertThat(cluster.value(controller.controller.deleteTopics(List.of("t"))))
                .containsEntry("t", ErrorCode.NONE);
        for (int id = 1; id <= 4; id++) {
            assertThat(cluster.brokers.get(id).replicas.served).isEmpty();
            assertThat(cluster.brokers.get(id).replicas.deleted).containsExactly(T0);
        }
        assertThat(underWay()).isEmpty();
        controller.create("t", 1, 4, new TreeMap<>());
        assertThat(underWay()).isEmpty();
    }

    @Test
    void aTopicOnItsWayDoesNotGrow() {
        TopicGrowth growth = new TopicGrowth("t", 2, null);
        alter(List.of(4, 1));
        assertThat(cluster.value(controller.controller.createPartitions(List.of(growth), false))
                        .get("t")
                        .error())
                .isEqualTo(ErrorCode.REASSIGNMENT_IN_PROGRESS);
        alter(null);
        assertThat(cluster.value(controller.controller.createPartitions(List.of(growth), false))
                        .get("t")
                        .error())
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aPartitionThatNobodyHasHadBeginsWhereItIsWanted() {
        written("early", 1, List.of(9));
        TopicPartition id = new TopicPartition("early", 0);
        SortedMap<TopicPartition, List<Integer>> wanted = new TreeMap<>();
        wanted.put(id, List.of(2, 3));
        assertThat(cluster.value(controller.controller.alterReassignments(wanted, true)))
                .containsEntry(id, Outcome.DONE);
        cluster.world.runUntilIdle();
        assertThat(cluster.brokers.get(3).replicas.served.get(id).leader()).isEqualTo(2);
    }

    @Test
    void manyPartitionsMoveInPartsEachWhole() {
        written("large", 500, List.of(2));
        SortedMap<TopicPartition, List<Integer>> wanted = new TreeMap<>();
        for (int i = 0; i < 500; i++) {
            wanted.put(new TopicPartition("large", i), List.of(2, 3));
        }
        assertThat(cluster.value(controller.controller.alterReassignments(wanted, true))
                        .values())
                .containsOnly(Outcome.DONE)
                .hasSize(500);
        assertThat(underWay()).hasSize(500);
        assertThat(cluster.brokers.get(3).replicas.served).hasSize(501);
    }

    @Test
    void anOldToolsWishIsFulfilledAndTakenAway() {
        Map<TopicPartition, List<Integer>> wishes = new LinkedHashMap<>();
        wishes.put(T0, List.of(4, 3));
        wishes.put(new TopicPartition("none", 7), List.of(1));
        cluster.value(cluster.observer()
                .create(ClusterPaths.REASSIGNMENT, new ReassignmentNode(wishes).encode(), CreateMode.PERSISTENT));
        assertThat(underWay()).containsOnlyKeys(T0);
        assertThat(ReassignmentNode.decode(cluster.value(cluster.observer().get(ClusterPaths.REASSIGNMENT))
                                .data())
                        .replicas())
                .as("without what cannot be")
                .containsOnlyKeys(T0);
        cluster.kill(1);
        cluster.start(1);
        controller = cluster.brokers.values().stream()
                .filter(broker -> broker.image().controllerId() == broker.id)
                .findFirst()
                .orElseThrow();
        inSync(2, 2, 3, 4);
        assertThat(assignment()).isEqualTo(Assignment.settled(List.of(4, 3)));
        assertThat(cluster.value(cluster.observer().children("/admin"))).containsExactly("delete_topics");
    }

    @Test
    void whoAsksTheControllerOverridesAnOldToolsWish() {
        Map<TopicPartition, List<Integer>> wishes = new LinkedHashMap<>();
        wishes.put(T0, List.of(4, 3));
        cluster.value(cluster.observer()
                .create(ClusterPaths.REASSIGNMENT, new ReassignmentNode(wishes).encode(), CreateMode.PERSISTENT));
        assertThat(underWay()).containsOnlyKeys(T0);
        assertThat(alter(List.of(2, 1))).isEqualTo(ErrorCode.NONE);
        inSync(2, 2, 3, 1);
        assertThat(assignment()).isEqualTo(Assignment.settled(List.of(2, 1)));
        assertThat(cluster.value(cluster.observer().children("/admin"))).containsExactly("delete_topics");
    }

    @Test
    void aWishThatCannotBeReadIsLeftOut() {
        cluster.value(cluster.observer().create(ClusterPaths.REASSIGNMENT, new byte[] {1, 2}, CreateMode.PERSISTENT));
        assertThat(underWay()).isEmpty();
        assertThat(alter(List.of(2, 4))).isEqualTo(ErrorCode.NONE);
    }
}
