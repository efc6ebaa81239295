package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.controller.IsrProposal.Member;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.core.coordination.node.PartitionsNode;
import io.odradek.core.coordination.node.ProducerIdBlockNode;
import io.odradek.core.coordination.node.TopicNode;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three brokers, the first of them controller, and topic "t" with one partition on brokers 2, 3 and 1. */
class SeveralBrokersTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);

    private SimulatedCluster cluster;
    private SimulatedCluster.Broker first;

    @BeforeEach
    void open() throws IOException {
        cluster = new SimulatedCluster();
        open(cluster);
    }

    private void open(SimulatedCluster cluster) {
        first = cluster.start(1);
        cluster.start(2);
        cluster.start(3);
        NewTopic wanted =
                new NewTopic("t", -1, (short) -1, new TreeMap<>(Map.of(0, List.of(2, 3, 1))), new TreeMap<>());
        assertThat(cluster.value(first.controller.createTopics(List.of(wanted), false))
                        .get(0)
                        .error())
                .isEqualTo(ErrorCode.NONE);
    }

    @AfterEach
    void close() {
        cluster.close();
        cluster.files.close();
    }

    private SimulatedCluster.Broker broker(int id) {
        return cluster.brokers.get(id);
    }

    private PartitionStateNode state() {
        return PartitionStateNode.decode(cluster.value(cluster.observer().get(ClusterPaths.partitionState("t", 0)))
                .data());
    }

    private int version() {
        return cluster.value(cluster.observer().get(ClusterPaths.partitionState("t", 0)))
                .version();
    }

    private ErrorCode proposed(int leader, int leaderEpoch, int... isr) {
        List<Member> members =
                Arrays.stream(isr).mapToObj(id -> new Member(id, -1)).toList();
        IsrProposal proposal =
                new IsrProposal(first.image().topics().get("t").id(), null, 0, leaderEpoch, version(), members);
        return cluster.value(first.controller.alterPartitions(
                        leader, broker(leader).membership.brokerEpoch(), List.of(proposal)))
                .get(0)
                .error();
    }

    @Test
    void everyBrokerKnowsTheTopicAndServesItsReplica() {
        for (int id = 1; id <= 3; id++) {
            assertThat(broker(id).image().controllerId()).isEqualTo(1);
            assertThat(broker(id).image().brokers()).containsOnlyKeys(1, 2, 3);
            assertThat(broker(id).image().topics().get("t").partitions())
                    .containsExactly(new PartitionInfo(2, 0, List.of(2, 3, 1), List.of(2, 3, 1)));
            assertThat(broker(id).replicas.served.get(T0).leader()).isEqualTo(2);
        }
    }

    @Test
    void whenTheLeaderDiesTheOthersAreToldOfTheNextOne() {
        cluster.kill(2);
        assertThat(state()).isEqualTo(new PartitionStateNode(3, 1, List.of(3, 1), 1));
        for (int id : List.of(1, 3)) {
            assertThat(broker(id).replicas.served.get(T0).leader()).isEqualTo(3);
            assertThat(broker(id).image().topics().get("t").partitions())
                    .containsExactly(new PartitionInfo(3, 1, List.of(2, 3, 1), List.of(3, 1)));
        }
    }

    @Test
    void whoComesBackLearnsAllAndFollows() {
        cluster.kill(2);
        cluster.start(2);
        assertThat(broker(2).replicas.served.get(T0).leader()).isEqualTo(3);
        assertThat(broker(2).image().topics()).containsOnlyKeys("t");
        assertThat(proposed(3, 1, 3, 1, 2)).isEqualTo(ErrorCode.NONE);
        assertThat(broker(1).image().topics().get("t").partitions().get(0).isr())
                .containsExactly(3, 1, 2);
    }

    @Test
    void whoComesBackBeforeItWasMissedHasLostItsLeadershipAllTheSame() {
        broker(2).session().expire();
        cluster.world.advanceMs(5_000);
        assertThat(state().leader()).isEqualTo(3);
        assertThat(state().isr()).containsExactly(3, 1);
        assertThat(broker(2).replicas.served.get(T0).leader()).isEqualTo(3);
    }

    @Test
    void whoComesBackWhileNobodyGovernsHasLostItsLeadershipAllTheSame() throws IOException {
        for (int round = 0; round < 20; round++) {
            close();
            cluster = new SimulatedCluster(SimulatedWorld.seedFromSystem() + round);
            open(cluster);
            cluster.crash(1);
            cluster.crash(2);
            cluster.begin(2);
            cluster.world.advanceMs(5_000);
            assertThat(state().leader()).as("leader in round %d", round).isEqualTo(3);
            assertThat(state().isr()).containsExactly(3);
            assertThat(broker(2).replicas.served.get(T0).leader()).isEqualTo(3);
        }
    }

    @Test
    void aLeaderThatComesBackWithAllOthersWhileNobodyGovernsLeadsOnInANewEpoch() {
        assertThat(proposed(2, 0, 2)).isEqualTo(ErrorCode.NONE);
        for (int id : List.of(1, 2, 3)) {
            cluster.crash(id);
        }
        for (int id : List.of(2, 1, 3)) {
            cluster.begin(id);
        }
        cluster.world.advanceMs(5_000);
        assertThat(state()).isEqualTo(new PartitionStateNode(2, 1, List.of(2), 2));
        for (int id : List.of(1, 2, 3)) {
            assertThat(broker(id).replicas.served.get(T0).leaderEpoch()).isEqualTo(1);
        }
    }

    @Test
    void aBrokerStartsThoughItCannotStandForElectionYet() {
        cluster.kill(1);
        cluster.kill(3);
        cluster.kill(2);
        byte[] epoch = "1".getBytes(StandardCharsets.UTF_8);
        cluster.value(cluster.observer().set(ClusterPaths.CONTROLLER_EPOCH, new byte[] {'x'}, -1));
        SimulatedCluster.Broker alone = cluster.start(2);
        cluster.value(cluster.observer().set(ClusterPaths.CONTROLLER_EPOCH, epoch, -1));
        cluster.world.advanceMs(2_000);
        assertThat(alone.image().controllerId()).isEqualTo(2);
        assertThat(alone.replicas.served.get(T0).leader()).isEqualTo(2);
    }

    @Test
    void aBrokerStartsThoughItsOfficeEndsBeforeItHasBegun() throws IOException {
        close();
        cluster = new SimulatedCluster();
        cluster.value(ClusterTree.prepare(cluster.observer(), Optional.empty(), SimulatedCluster.CLUSTER_ID));
        cluster.value(cluster.observer().delete(ClusterPaths.TOPICS, -1));
        cluster.value(cluster.begin(1));
        cluster.value(cluster.observer().create(ClusterPaths.TOPICS, new byte[0], CreateMode.PERSISTENT));
        cluster.world.advanceMs(2_000);
        assertThat(broker(1).image().controllerId()).isEqualTo(1);
    }

    @Test
    void whatIsAskedForAndCannotBeReadIsRefusedAndCostsNoOffice() {
        byte[] junk = "junk".getBytes(StandardCharsets.UTF_8);
        cluster.value(cluster.observer().set(ClusterPaths.PRODUCER_ID_BLOCK, junk, -1));
        assertThat(cluster.failure(first.controller.allocateProducerIds(2, -1)))
                .hasMessageContaining(ClusterPaths.PRODUCER_ID_BLOCK);
        cluster.value(cluster.observer().delete(ClusterPaths.PRODUCER_ID_BLOCK, -1));
        assertThat(cluster.value(first.controller.allocateProducerIds(2, -1)).firstId())
                .isZero();
        cluster.value(cluster.observer().set(ClusterPaths.topic("t"), junk, -1));
        List<TopicGrowth> wanted = List.of(new TopicGrowth("t", 2, null));
        assertThat(cluster.value(first.controller.createPartitions(wanted, false))
                        .get("t")
                        .message())
                .contains(ClusterPaths.topic("t"));
        assertThat(cluster.text(ClusterPaths.CONTROLLER_EPOCH)).isEqualTo("1");
    }

    @Test
    void aTopicIsDeletedWithWhateverIsBelowIt() {
        for (String path : List.of(
                ClusterPaths.topic("t") + "/foreign",
                ClusterPaths.partitions("t") + "/junk",
                ClusterPaths.partitions("t") + "/junk/deep",
                ClusterPaths.partition("t", 0) + "/more",
                ClusterPaths.partition("t", 7))) {
            cluster.value(cluster.observer().create(path, new byte[0], CreateMode.PERSISTENT));
        }
        assertThat(cluster.value(first.controller.deleteTopics(List.of("t")))).containsEntry("t", ErrorCode.NONE);
        assertThat(cluster.value(cluster.observer().children(ClusterPaths.TOPICS)))
                .isEmpty();
        assertThat(cluster.value(cluster.observer().children(ClusterPaths.DELETE_TOPICS)))
                .isEmpty();
        assertThat(cluster.text(ClusterPaths.CONTROLLER_EPOCH)).isEqualTo("1");
    }

    @Test
    void aTopicThatCouldNotBeReadIsThereWhenItCan() {
        byte[] node =
                cluster.value(cluster.observer().get(ClusterPaths.topic("t"))).data();
        cluster.kill(1);
        cluster.value(cluster.observer().set(ClusterPaths.topic("t"), new byte[] {'x'}, -1));
        cluster.kill(2);
        cluster.start(1);
        cluster.start(2);
        cluster.kill(3);
        cluster.start(3);
        assertThat(broker(1).image().topics()).isEmpty();
        cluster.value(cluster.observer().set(ClusterPaths.topic("t"), node, -1));
        cluster.world.advanceMs(1_000);
        for (int id = 1; id <= 3; id++) {
            assertThat(broker(id).image().topics()).containsOnlyKeys("t");
            assertThat(broker(id).replicas.served).containsOnlyKeys(T0);
        }
    }

    @Test
    void manyTopicsThatMayHaveChangedAreLookedAtAfterWhatElseHasCome() {
        for (int i = 0; i < 250; i++) {
            first.create("many-" + i, 1, 1, Map.of());
        }
        for (int i = 0; i < 250; i++) {
            String path = ClusterPaths.topic("many-" + i);
            byte[] more = new TopicNode(
                            first.image().topics().get("many-" + i).id(),
                            new TreeMap<>(Map.of(0, List.of(1), 1, List.of(1))))
                    .encode();
            cluster.observer().set(path, more, -1);
        }
        cluster.world.runUntilIdle();
        for (int i = 0; i < 250; i++) {
            assertThat(first.image().topics().get("many-" + i).partitions()).hasSize(2);
        }
    }

    @Test
    void whatCannotBeReadCostsNoOffice() {
        byte[] junk = "junk".getBytes(StandardCharsets.UTF_8);
        for (String path : List.of(
                ClusterPaths.topic("junk"),
                ClusterPaths.BROKER_IDS + "/junk",
                ClusterPaths.broker(9),
                ClusterPaths.LOG_DIR_EVENTS + "/junk",
                ClusterPaths.ISR_CHANGES + "/junk",
                ClusterPaths.PREFERRED_ELECTION)) {
            cluster.value(cluster.observer().create(path, junk, CreateMode.PERSISTENT));
            cluster.world.advanceMs(5_000);
            assertThat(cluster.text(ClusterPaths.CONTROLLER_EPOCH)).as(path).isEqualTo("1");
        }
        cluster.value(cluster.observer().set(ClusterPaths.topic("t"), junk, -1));
        cluster.world.advanceMs(5_000);
        assertThat(cluster.text(ClusterPaths.CONTROLLER_EPOCH)).isEqualTo("1");
        cluster.kill(1);
        cluster.world.advanceMs(5_000);
        assertThat(cluster.text(ClusterPaths.CONTROLLER_EPOCH)).isEqualTo("2");
        assertThat(cluster.value(cluster.observer().children(ClusterPaths.ISR_CHANGES)))
                .isEmpty();
    }

    @Test
    void aWishForADeletionIsWithdrawnWhereTopicsAreNotToBeDeleted() {
        cluster.deletesTopics = false;
        cluster.kill(1);
        cluster.kill(2);
        cluster.kill(3);
        cluster.value(cluster.observer().create(ClusterPaths.deleteTopic("t"), new byte[0], CreateMode.PERSISTENT));
        cluster.start(2);
        cluster.value(cluster.observer().create(ClusterPaths.deleteTopic("none"), new byte[0], CreateMode.PERSISTENT));
        assertThat(cluster.value(cluster.observer().children(ClusterPaths.DELETE_TOPICS)))
                .isEmpty();
        assertThat(broker(2).replicas.served).containsOnlyKeys(T0);
        assertThat(broker(2).image().topics()).containsOnlyKeys("t");
        assertThat(broker(2).replicas.deleted).isEmpty();
    }

    @Test
    void anIsrShrinksAndGrowsInTheLeadersEpochAndAllSeeIt() {
        assertThat(proposed(2, 0, 2, 1)).isEqualTo(ErrorCode.NONE);
        assertThat(state()).isEqualTo(new PartitionStateNode(2, 0, List.of(2, 1), 1));
        for (int id = 1; id <= 3; id++) {
            assertThat(broker(id).image().topics().get("t").partitions().get(0).isr())
                    .containsExactly(2, 1);
        }
        assertThat(proposed(3, 0, 3)).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(cluster.failure(first.controller.alterPartitions(2, 1_000_000, List.of())))
                .hasFieldOrPropertyWithValue("error", ErrorCode.STALE_BROKER_EPOCH);
        assertThat(cluster.text(ClusterPaths.CONTROLLER_EPOCH))
                .as("a refusal costs no office")
                .isEqualTo("1");
        assertThat(cluster.failure(broker(2).controller.alterPartitions(2, -1, List.of())))
                .hasFieldOrPropertyWithValue("error", ErrorCode.NOT_CONTROLLER);
    }

    private List<TopicPartition> shutDown(int id) {
        return cluster.value(
                first.controller.controlledShutdown(id, broker(id).membership.brokerEpoch()));
    }

    @Test
    void aBrokerThatIsAboutToStopLeadsNothingAndHasNoPlaceInTheIsr() {
        assertThat(shutDown(3)).isEmpty();
        assertThat(state()).isEqualTo(new PartitionStateNode(2, 1, List.of(2, 1), 1));
        assertThat(broker(3).replicas.stopped).containsExactly(T0);
        assertThat(proposed(2, 1, 2, 1, 3)).isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
        assertThat(shutDown(2)).isEmpty();
        assertThat(state()).isEqualTo(new PartitionStateNode(1, 2, List.of(1), 1));
        assertThat(broker(2).replicas.served.get(T0).leader()).isEqualTo(1);
        assertThat(broker(2).replicas.stopped).isEmpty();
        assertThat(shutDown(1)).as("the last in sync leads on").containsExactly(T0);
    }

    @Test
    void onlyABrokerThatIsThereIsAboutToStop() {
        assertThat(cluster.failure(first.controller.controlledShutdown(2, 1_000_000)))
                .hasFieldOrPropertyWithValue("error", ErrorCode.STALE_BROKER_EPOCH);
        assertThat(cluster.failure(first.controller.controlledShutdown(7, -1)))
                .hasFieldOrPropertyWithValue("error", ErrorCode.BROKER_NOT_AVAILABLE);
        assertThat(state().leader()).isEqualTo(2);
    }

    @Test
    void whatIsTakenFromABrokerThatStopsIsToldThoughTheRestOfItCannotBeWritten() throws IOException {
        close();
        cluster = new SimulatedCluster();
        int[] calls = {Integer.MIN_VALUE};
        cluster.losses = () -> ++calls[0] == 2 ? LossySession.Loss.REFUSED : LossySession.Loss.NOTHING;
        open(cluster);
        SortedMap<Integer, List<Integer>> replicas = new TreeMap<>();
        for (int partition = 0; partition < 100; partition++) {
            replicas.put(partition, List.of(2, 1));
        }
        for (char name = 'a'; name < 'm'; name++) {
            NewTopic wanted = new NewTopic(String.valueOf(name), -1, (short) -1, replicas, new TreeMap<>());
            cluster.value(first.controller.createTopics(List.of(wanted), false));
        }

        calls[0] = 0;
        cluster.failure(
                first.controller.controlledShutdown(2, broker(2).membership.brokerEpoch()));

        assertThat(first.image().controllerId()).isEqualTo(1);
        assertThat(broker(1).replicas.served.get(new TopicPartition("a", 0)).leader())
                .isEqualTo(1);
        assertThat(broker(3).image().topics().get("a").partitions().get(0).leader())
                .isEqualTo(1);
        assertThat(broker(1).replicas.served.get(new TopicPartition("l", 99)).leader())
                .isEqualTo(2);
        assertThat(cluster.value(first.controller.controlledShutdown(
                        2, broker(2).membership.brokerEpoch())))
                .isEmpty();
        assertThat(broker(1).replicas.served.get(new TopicPartition("l", 99)).leader())
                .isEqualTo(1);
    }

    @Test
    void leadershipGoesBackToThePreferredLeaderWhenAskedByClientOrTool() {
        cluster.kill(2);
        cluster.start(2);
        assertThat(cluster.value(first.controller.electLeaders(ElectionType.PREFERRED, List.of(T0)))
                        .get(T0)
                        .error())
                .isEqualTo(ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE);
        assertThat(proposed(3, 1, 3, 1, 2)).isEqualTo(ErrorCode.NONE);
        assertThat(cluster.value(first.controller.electLeaders(ElectionType.PREFERRED, null)))
                .containsEntry(T0, Outcome.DONE);
        assertThat(state()).isEqualTo(new PartitionStateNode(2, 2, List.of(3, 1, 2), 1));
        assertThat(first.image().topics().get("t").partitions().get(0).leader()).isEqualTo(2);
        assertThat(cluster.value(first.controller.electLeaders(ElectionType.PREFERRED, null)))
                .isEmpty();
        cluster.value(first.controller.controlledShutdown(2, -1));
        cluster.kill(2);
        cluster.start(2);
        assertThat(proposed(3, 3, 3, 1, 2)).isEqualTo(ErrorCode.NONE);
        byte[] wish = new PartitionsNode(List.of(T0)).encode();
        cluster.value(cluster.observer().create(ClusterPaths.PREFERRED_ELECTION, wish, CreateMode.PERSISTENT));
        assertThat(state().leader()).isEqualTo(2);
        assertThat(cluster.failure(cluster.observer().get(ClusterPaths.PREFERRED_ELECTION)))
                .hasMessageContaining("NO_NODE");
    }

    @Test
    void partitionsAreAddedForClientsAndForToolsThatWriteThem() {
        List<TopicGrowth> wanted = List.of(new TopicGrowth("t", 2, List.of(List.of(3, 2, 1))));
        assertThat(cluster.value(first.controller.createPartitions(wanted, true)))
                .containsEntry("t", Outcome.DONE);
        assertThat(first.image().topics().get("t").partitions()).hasSize(1);
        assertThat(cluster.value(first.controller.createPartitions(wanted, false)))
                .containsEntry("t", Outcome.DONE);
        assertThat(first.image().topics().get("t").partitions())
                .extracting(PartitionInfo::leader)
                .containsExactly(2, 3);
        assertThat(cluster.value(first.controller.createPartitions(wanted, false))
                        .get("t")
                        .error())
                .isEqualTo(ErrorCode.INVALID_PARTITIONS);
        TopicNode node = TopicNode.decode(
                cluster.value(cluster.observer().get(ClusterPaths.topic("t"))).data());
        TreeMap<Integer, List<Integer>> replicas = new TreeMap<>(node.replicas());
        replicas.put(2, List.of(1, 2));
        byte[] grown = new TopicNode(node.topicId(), replicas).encode();
        cluster.value(cluster.observer().set(ClusterPaths.topic("t"), grown, -1));
        assertThat(broker(2).image().topics().get("t").partitions())
                .extracting(PartitionInfo::leader)
                .containsExactly(2, 3, 1);
        assertThat(broker(2).replicas.served.get(new TopicPartition("t", 2)).leader())
                .isEqualTo(1);
    }

    @Test
    void aTopicWithAReplicaOnADeadBrokerIsHiddenAndGoesWhenTheBrokerIsBack() {
        cluster.kill(3);
        assertThat(cluster.value(first.controller.deleteTopics(List.of("t")))).containsEntry("t", ErrorCode.NONE);
        assertThat(broker(2).image().topics()).isEmpty();
        assertThat(broker(2).replicas.deleted).containsExactly(T0);
        assertThat(first.create("t", 1, 1, Map.of()).error()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
        cluster.start(3);
        assertThat(broker(3).replicas.deleted).containsExactly(T0);
        assertThat(cluster.value(cluster.observer().children(ClusterPaths.DELETE_TOPICS)))
                .isEmpty();
        assertThat(first.create("t", 1, 1, Map.of()).error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aReplicaThatIsOnlyStoppedIsNotTakenForDeleted() {
        cluster.orderDelayMs = 100;
        var stopping =
                first.controller.controlledShutdown(3, broker(3).membership.brokerEpoch());
        cluster.world.advanceMs(50);
        var deletion = first.controller.deleteTopics(List.of("t"));
        cluster.world.advanceMs(60);
        assertThat(broker(3).replicas.stopped).containsExactly(T0);
        broker(3).replicas.delayMs = 10_000;
        cluster.world.advanceMs(1_000);
        assertThat(cluster.value(stopping)).isEmpty();
        assertThat(cluster.value(cluster.observer().children(ClusterPaths.DELETE_TOPICS)))
                .as("broker 3 has not said that it has deleted its log")
                .containsExactly("t");
        cluster.kill(3);
        assertThat(cluster.value(deletion)).containsEntry("t", ErrorCode.NONE);
        assertThat(cluster.value(cluster.observer().children(ClusterPaths.TOPICS)))
                .containsExactly("t");
    }

    @Test
    void aReplicaThatFoundNoRoomIsOfferedAgainAndFollows() {
        broker(3).replicas.broken.add(T0);
        cluster.value(LogDirEvents.announce(broker(3).membership.store(), 3));
        assertThat(first.image().topics().get("t").partitions())
                .containsExactly(new PartitionInfo(2, 1, List.of(2, 3, 1), List.of(2, 1), List.of(3)));
        cluster.kill(2);
        assertThat(broker(3).replicas.served.get(T0).leader()).as("told").isEqualTo(2);
        cluster.world.advanceMs(61_000);
        assertThat(first.image().topics().get("t").partitions().get(0).failed()).containsExactly(3);

        broker(3).replicas.broken.clear();
        cluster.world.advanceMs(61_000);

        assertThat(broker(3).replicas.served.get(T0).leader()).isEqualTo(1);
        assertThat(first.image().topics().get("t").partitions().get(0).failed()).isEmpty();
        assertThat(proposed(1, 2, 1, 3)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aReplicaThatFoundNoRoomIsOfferedAgainWhenItsBrokerHasNewsOfItsFolders() {
        broker(2).replicas.broken.add(T0);
        cluster.value(LogDirEvents.announce(broker(2).membership.store(), 2));
        assertThat(state().leader()).isEqualTo(3);

        broker(2).replicas.broken.clear();
        cluster.value(LogDirEvents.announce(broker(2).membership.store(), 2));

        assertThat(broker(2).replicas.served.get(T0).leader()).isEqualTo(3);
        assertThat(first.image().topics().get("t").partitions().get(0).failed()).isEmpty();
    }

    @Test
    void whoNamesATopicByItsIdentifierDoesNotDeleteAnotherOfItsName() {
        Uuid before = first.image().topics().get("t").id();
        cluster.value(first.controller.deleteTopics(List.of("t")));
        first.create("t", 1, 3, Map.of());

        assertThat(cluster.value(first.controller.deleteTopics(new TreeMap<>(Map.of("t", before)))))
                .containsEntry("t", ErrorCode.UNKNOWN_TOPIC_ID);
        Uuid now = first.image().topics().get("t").id();
        assertThat(cluster.value(first.controller.deleteTopics(new TreeMap<>(Map.of("t", now)))))
                .containsEntry("t", ErrorCode.NONE);
    }

    @Test
    void aTopicWhoseDeletionAToolAsksForTooIsDeletedAllTheSame() {
        cluster.observer().create(ClusterPaths.deleteTopic("t"), new byte[0], CreateMode.PERSISTENT);
        assertThat(cluster.value(first.controller.deleteTopics(List.of("t")))).containsEntry("t", ErrorCode.NONE);
        assertThat(first.image().topics()).isEmpty();
    }

    @Test
    void aBrokerThatNeverAnswersHoldsUpNobodyElse() {
        cluster.cutOff.add(3);
        var other = new NewTopic("other", -1, (short) -1, new TreeMap<>(Map.of(0, List.of(1, 3))), new TreeMap<>());
        assertThat(cluster.value(first.controller.createTopics(List.of(other), false))
                        .get(0)
                        .error())
                .isEqualTo(ErrorCode.NONE);
        cluster.kill(2);
        assertThat(state().leader()).as("elected while nobody knows").isEqualTo(3);
        assertThat(first.image().topics().get("t").partitions().get(0).leader()).isEqualTo(3);
        cluster.cutOff.clear();
        cluster.world.advanceMs(100);
        assertThat(broker(3).replicas.served.get(T0).leader()).isEqualTo(3);
    }

    @Test
    void aNewTopicWhoseLeaderDoesNotAnswerIsShownAfterAWhileOrWhenAnotherLeads() {
        cluster.cutOff.add(3);
        var slow = new NewTopic("slow", -1, (short) -1, new TreeMap<>(Map.of(0, List.of(3, 1))), new TreeMap<>());
        var creation = first.controller.createTopics(List.of(slow), false);
        cluster.world.advanceMs(1_000);
        assertThat(first.image().topics()).doesNotContainKey("slow");
        cluster.kill(3);
        assertThat(cluster.value(creation).get(0).error()).isEqualTo(ErrorCode.NONE);
        assertThat(first.image().topics().get("slow").partitions().get(0).leader())
                .isEqualTo(1);
    }

    @Test
    void anIsrThatALeaderHasWrittenItselfIsTakenOver() {
        byte[] shrunk = new PartitionStateNode(2, 0, List.of(2), 1).encode();
        cluster.value(cluster.observer().set(ClusterPaths.partitionState("t", 0), shrunk, -1));
        byte[] note = new PartitionsNode(List.of(T0)).encode();
        cluster.value(cluster.observer()
                .create(ClusterPaths.ISR_CHANGES + "/isr_change_", note, CreateMode.PERSISTENT_SEQUENTIAL));
        assertThat(first.image().topics().get("t").partitions().get(0).isr()).containsExactly(2);
        assertThat(cluster.value(cluster.observer().children(ClusterPaths.ISR_CHANGES)))
                .isEmpty();
        assertThat(proposed(2, 0, 2, 1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aTopicOfAToolThatKnowsNoIdentifiersGetsOne() {
        TreeMap<Integer, List<Integer>> replicas = new TreeMap<>(Map.of(0, List.of(3)));
        byte[] old = "{\"version\":1,\"partitions\":{\"0\":[3]}}".getBytes(StandardCharsets.UTF_8);
        cluster.value(cluster.observer().create(ClusterPaths.topic("old"), old, CreateMode.PERSISTENT));
        Uuid id = broker(3).image().topics().get("old").id();
        assertThat(id).isNotEqualTo(Uuid.ZERO);
        assertThat(TopicNode.decode(cluster.value(cluster.observer().get(ClusterPaths.topic("old")))
                        .data()))
                .isEqualTo(new TopicNode(id, replicas));
        assertThat(broker(3).replicas.topicId("old")).isEqualTo(id);
    }

    @Test
    void producerIdsAreGivenOutOnce() {
        ProducerIdBlockNode one = cluster.value(first.controller.allocateProducerIds(2, -1));
        ProducerIdBlockNode other = cluster.value(
                first.controller.allocateProducerIds(3, broker(3).membership.brokerEpoch()));
        assertThat(one).isEqualTo(new ProducerIdBlockNode(2, 0, 999));
        assertThat(other).isEqualTo(new ProducerIdBlockNode(3, 1_000, 1_999));
        assertThat(cluster.failure(first.controller.allocateProducerIds(9, -1)))
                .hasFieldOrPropertyWithValue("error", ErrorCode.BROKER_ID_NOT_REGISTERED);
        assertThat(cluster.failure(first.controller.allocateProducerIds(3, 1_000_000)))
                .hasFieldOrPropertyWithValue("error", ErrorCode.STALE_BROKER_EPOCH);
    }

    @Test
    void whenSomebodyDeletesTheControllersNodeTheOfficeEndsAndAnotherBegins() {
        cluster.value(cluster.observer().delete(ClusterPaths.CONTROLLER, -1));
        assertThat(cluster.text(ClusterPaths.CONTROLLER_EPOCH)).isEqualTo("2");
        int now = broker(1).image().controllerId();
        for (int id = 1; id <= 3; id++) {
            assertThat(broker(id).image().controllerId()).isEqualTo(now);
            assertThat(broker(id).replicas.served).containsOnlyKeys(T0);
        }
        assertThat(broker(now).create("other", 1, 3, Map.of()).error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aControllerWhoseSessionHasExpiredTellsNobodyAnythingMore() {
        broker(1).session().expire();
        cluster.world.advanceMs(5_000);
        int now = broker(2).image().controllerId();
        assertThat(now).isNotEqualTo(1);
        assertThat(cluster.failure(broker(1).controller.deleteTopics(List.of("t"))))
                .hasFieldOrPropertyWithValue("error", ErrorCode.NOT_CONTROLLER);
        cluster.kill(now == 2 ? 3 : 2);
        assertThat(state().controllerEpoch()).isEqualTo(2);
        assertThat(broker(1).replicas.served.get(T0).leader()).isEqualTo(state().leader());
    }

    @Test
    void leadershipGoesBackByItselfInTime() throws IOException {
        close();
        cluster = new SimulatedCluster();
        cluster.balance = new LeaderBalance(true, 10, 60_000);
        first = cluster.start(1);
        cluster.start(2);
        NewTopic wanted = new NewTopic("t", -1, (short) -1, new TreeMap<>(Map.of(0, List.of(2, 1))), new TreeMap<>());
        cluster.value(first.controller.createTopics(List.of(wanted), false));
        cluster.kill(2);
        cluster.start(2);
        assertThat(proposed(1, 1, 1, 2)).isEqualTo(ErrorCode.NONE);
        assertThat(state().leader()).isEqualTo(1);
        cluster.world.advanceMs(60_000);
        assertThat(state()).isEqualTo(new PartitionStateNode(2, 2, List.of(1, 2), 1));
    }
}
