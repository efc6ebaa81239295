package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.controller.IsrProposal.Member;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore.Node;
import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.core.coordination.node.TopicNode;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/**
 * What befalls the controllers of three brokers, drawn from a seed: topics come, grow, move and go, leaders propose ISRs,
 * brokers die, leave and come back, sessions expire, answers of the tree are lost, brokers cannot be reached, disks fail. What must
 * hold is looked at all the time, and in the end, when everything works again, all brokers have to know what is in the tree.
 */
final class ControllerHistory {
    private static final int BROKERS = 3;

    final SimulatedCluster cluster;
    private final Random random;
    private final StringBuilder trace = new StringBuilder();
    private final SortedMap<String, Integer> leaders = new TreeMap<>();
    private final SortedMap<TopicPartition, int[]> versions = new TreeMap<>();
    private final SortedSet<String> created = new TreeSet<>();
    private final SortedSet<String> unwanted = new TreeSet<>();
    private final SortedSet<String> deleted = new TreeSet<>();
    private final SortedSet<Integer> toRestart = new TreeSet<>();
    private int controllerEpoch;
    private int topics;
    private boolean lossy;

    ControllerHistory(long seed) throws IOException {
        cluster = new SimulatedCluster(seed);
        random = cluster.world.newRandom("history");
        cluster.balance = new LeaderBalance(true, 10, 20_000);
        cluster.losses = () -> !lossy || random.nextInt(25) > 0
                ? LossySession.Loss.NOTHING
                : random.nextBoolean() ? LossySession.Loss.ANSWER : LossySession.Loss.CALL;
        for (int id = 1; id <= BROKERS; id++) {
            cluster.start(id);
            listen(id);
        }
    }

    private void listen(int id) {
        cluster.brokers.get(id).replicas.listener = this::led;
    }

    /** In one epoch of a partition, brokers are told of one leader only. */
    private void led(PartitionState state) {
        if (state.leader() != LeaderElection.NO_LEADER) {
            String epoch = state.topicId() + "/" + state.id() + "/" + state.leaderEpoch();
            Integer before = leaders.putIfAbsent(epoch, state.leader());
            assertThat(before == null || before == state.leader())
                    .as("%s is led by %s and by %s", epoch, before, state.leader())
                    .isTrue();
        }
    }

    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            act();
            cluster.world.advanceMs(random.nextInt(4) == 0 ? random.nextInt(3_000) : random.nextInt(40));
            if (random.nextInt(8) == 0) {
                lookAtTree();
            }
        }
        heal();
        lookAtTree();
        compare();
    }

    private void act() {
        switch (random.nextInt(18)) {
            case 0, 1, 2 -> create();
            case 3 -> delete();
            case 4 -> grow();
            case 5, 6 -> propose();
            case 7 -> any().controller.electLeaders(ElectionType.PREFERRED, null);
            case 8 -> crash();
            case 9, 10 -> comeBack();
            case 11 -> expire();
            case 12 -> shutDown();
            case 13 -> lossy = random.nextInt(3) == 0;
            case 14 -> cut();
            case 15, 16 -> move();
            default -> misfortune();
        }
    }

    private void note(String what) {
        trace.append(cluster.world.clock().monotonicNs() / 1_000_000)
                .append(' ')
                .append(what)
                .append('\n');
    }

    private SimulatedCluster.Broker any() {
        List<SimulatedCluster.Broker> all = new ArrayList<>(cluster.brokers.values());
        return all.get(random.nextInt(all.size()));
    }

    private void create() {
        String topic = "t" + topics++;
        int factor = 1 + random.nextInt(3);
        note("create " + topic + " x" + factor);
        NewTopic wanted = new NewTopic(topic, 1 + random.nextInt(3), (short) factor, new TreeMap<>(), new TreeMap<>());
        any().controller.createTopics(List.of(wanted), false).whenComplete((results, error) -> {
            if (error == null && results.get(0).error() == ErrorCode.NONE && !unwanted.contains(topic)) {
                note("created " + topic);
                created.add(topic);
            }
        });
    }

    private String anyTopic() {
        return "t" + random.nextInt(Math.max(1, topics));
    }

    private void delete() {
        String topic = anyTopic();
        note("delete " + topic);
        unwanted.add(topic);
        created.remove(topic);
        any().controller.deleteTopics(List.of(topic)).whenComplete((outcomes, error) -> {
            if (error == null && outcomes.get(topic) == ErrorCode.NONE) {
                note("deleted " + topic);
                deleted.add(topic);
            }
        });
    }

    private void grow() {
        TopicGrowth wanted = new TopicGrowth(anyTopic(), 2 + random.nextInt(3), null);
        note("grow " + wanted);
        any().controller.createPartitions(List.of(wanted), false);
    }

    /** To some of the brokers, or back where it was. */
    private void move() {
        List<Integer> replicas = new ArrayList<>();
        for (int id = 1; id <= BROKERS; id++) {
            replicas.add(random.nextInt(replicas.size() + 1), id);
        }
        List<Integer> wanted = random.nextInt(4) == 0 ? null : replicas.subList(0, 1 + random.nextInt(BROKERS));
        SortedMap<TopicPartition, List<Integer>> moves = new TreeMap<>();
        moves.put(new TopicPartition(anyTopic(), random.nextInt(2)), wanted);
        note("move " + moves);
        any().controller
                .alterReassignments(moves, true)
                .whenComplete((outcomes, error) -> note("moved " + moves + ": " + (error == null ? outcomes : error)));
    }

    /** A leader, as it knows itself to be one, proposes another ISR. */
    private void propose() {
        SimulatedCluster.Broker leader = any();
        List<IsrProposal> proposals = new ArrayList<>();
        for (PartitionState state : leader.replicas.served.values()) {
            if (state.leader() == leader.id && random.nextBoolean()) {
                SortedSet<Integer> isr = new TreeSet<>(state.isr());
                Integer other =
                        state.replicas().get(random.nextInt(state.replicas().size()));
                if (other != leader.id && !isr.remove(other)) {
                    isr.add(other);
                }
                List<Member> members = new ArrayList<>();
                isr.forEach(id -> members.add(new Member(id, -1)));
                proposals.add(new IsrProposal(
                        state.topicId(),
                        null,
                        state.id().partition(),
                        state.leaderEpoch(),
                        state.partitionEpoch(),
                        members));
            }
        }
        SimulatedCluster.Broker to = any();
        note("broker " + leader.id + " proposes " + proposals.size() + " ISRs to broker " + to.id);
        long epoch = leader.membership.brokerEpoch();
        to.controller.alterPartitions(leader.id, epoch, proposals).whenComplete((outcomes, error) -> {
            if (error == null) {
                outcomes.forEach(outcome -> assertThat(
                                outcome.error() == ErrorCode.NONE
                                        ? outcome.isr().contains(outcome.leader())
                                        : outcome.isr().isEmpty())
                        .as("%s", outcome)
                        .isTrue());
            }
        });
    }

    private void crash() {
        if (cluster.brokers.size() > 1) {
            int id = any().id;
            note("crash " + id);
            cluster.crash(id);
        }
    }

    private void comeBack() {
        int id = 1 + random.nextInt(BROKERS);
        if (!cluster.brokers.containsKey(id)) {
            start(id);
        }
    }

    private void start(int id) {
        note("start " + id);
        toRestart.remove(id);
        CompletionStage<Void> started = cluster.begin(id);
        listen(id);
        SimulatedCluster.Broker broker = cluster.brokers.get(id);
        started.whenComplete((done, error) -> {
            if (error != null && cluster.brokers.get(id) == broker) {
                note("broker " + id + " does not start: " + error);
                cluster.crash(id);
            }
        });
    }

    private void expire() {
        SimulatedCluster.Broker broker = any();
        note("the session of " + broker.id + " expires");
        if (broker.session() != null) {
            broker.session().expire();
        }
    }

    private void shutDown() {
        SimulatedCluster.Broker leaving = any();
        note("broker " + leaving.id + " is about to stop");
        toRestart.add(leaving.id);
        any().controller.controlledShutdown(leaving.id, leaving.membership.brokerEpoch());
    }

    private void cut() {
        int id = 1 + random.nextInt(BROKERS);
        note("cut off " + id);
        if (!cluster.cutOff.remove(id)) {
            cluster.cutOff.add(id);
        }
    }

    private void misfortune() {
        if (random.nextInt(3) == 0) {
            note("somebody deletes /controller");
            cluster.observer().delete(ClusterPaths.CONTROLLER, -1);
            return;
        }
        SimulatedCluster.Broker broker = any();
        List<TopicPartition> served = List.copyOf(broker.replicas.served.keySet());
        if (!served.isEmpty()) {
            TopicPartition id = served.get(random.nextInt(served.size()));
            note("the disk of " + broker.id + " fails under " + id);
            broker.replicas.broken.add(id);
            if (random.nextBoolean()) {
                toRestart.add(broker.id);
            }
            LogDirEvents.announce(broker.membership.store(), broker.id);
        }
    }

    /** Everything works again, for long enough. */
    private void heal() {
        note("all is well again");
        lossy = false;
        cluster.cutOff.clear();
        for (int id = 1; id <= BROKERS; id++) {
            if (toRestart.contains(id) && cluster.brokers.containsKey(id)) {
                cluster.crash(id);
            }
        }
        cluster.brokers.values().forEach(broker -> broker.replicas.broken.clear());
        cluster.world.advanceMs(1_000);
        for (int id = 1; id <= BROKERS; id++) {
            if (!cluster.brokers.containsKey(id)) {
                start(id);
            }
        }
        for (int round = 0; round < 4; round++) {
            cluster.world.advanceMs(30_000);
            allInSync();
        }
        cluster.world.advanceMs(30_000);
    }

    /** Every leader has its followers catch up, so that moves come to their ends. */
    private void allInSync() {
        for (SimulatedCluster.Broker leader : cluster.brokers.values()) {
            List<IsrProposal> proposals = new ArrayList<>();
            for (PartitionState state : leader.replicas.served.values()) {
                if (state.leader() == leader.id) {
                    List<Member> members = state.replicas().stream()
                            .map(id -> new Member(id, -1))
                            .toList();
                    Node node = optional(
                            cluster.observer()
                                    .get(ClusterPaths.partitionState(
                                            state.id().topic(), state.id().partition())),
                            null);
                    if (node != null) {
                        proposals.add(new IsrProposal(
                                Uuid.ZERO,
                                state.id().topic(),
                                state.id().partition(),
                                state.leaderEpoch(),
                                node.version(),
                                members));
                    }
                }
            }
            cluster.brokers
                    .get(leader.image().controllerId())
                    .controller
                    .alterPartitions(leader.id, leader.membership.brokerEpoch(), proposals);
            cluster.world.advanceMs(1_000);
        }
    }

    /** Versions and epochs in the tree grow, the writer is never an older controller, whoever leads is in sync. */
    private void lookAtTree() {
        int epoch = Integer.parseInt(cluster.text(ClusterPaths.CONTROLLER_EPOCH));
        assertThat(epoch).isGreaterThanOrEqualTo(controllerEpoch);
        controllerEpoch = epoch;
        for (String topic : cluster.value(cluster.observer().children(ClusterPaths.TOPICS))) {
            states(topic).forEach((id, node) -> {
                PartitionStateNode state = PartitionStateNode.decode(node.data());
                int[] before = versions.getOrDefault(id, new int[] {-1, -1, -1});
                int[] now = {node.version(), state.leaderEpoch(), state.controllerEpoch()};
                for (int i = 0; i < now.length; i++) {
                    assertThat(now[i]).as("%s of %s", i, id).isGreaterThanOrEqualTo(before[i]);
                }
                assertThat(state.controllerEpoch()).isLessThanOrEqualTo(epoch);
                assertThat(state.isr()).as("%s", id).isNotEmpty();
                assertThat(state.leader() == -1 || state.isr().contains(state.leader()))
                        .as("%s: %s", id, state)
                        .isTrue();
                versions.put(id, now);
            });
        }
    }

    private SortedMap<TopicPartition, Node> states(String topic) {
        SortedMap<TopicPartition, Node> states = new TreeMap<>();
        List<String> partitions = optional(cluster.observer().children(ClusterPaths.partitions(topic)), List.of());
        for (String partition : partitions) {
            int index = Integer.parseInt(partition);
            Node node = optional(cluster.observer().get(ClusterPaths.partitionState(topic, index)), null);
            if (node != null) {
                states.put(new TopicPartition(topic, index), node);
            }
        }
        return states;
    }

    private <T> T optional(CompletionStage<T> read, T absent) {
        return cluster.value(read.exceptionally(error -> {
            assertThat(CoordinationException.is(error, Reason.NO_NODE)).isTrue();
            return absent;
        }));
    }

    /** All brokers know what is in the tree, and nothing else. */
    private void compare() {
        List<String> names = cluster.value(cluster.observer().children(ClusterPaths.TOPICS));
        assertThat(cluster.value(cluster.observer().children(ClusterPaths.BROKER_IDS)))
                .hasSize(BROKERS);
        assertThat(cluster.value(cluster.observer().children(ClusterPaths.DELETE_TOPICS)))
                .isEmpty();
        assertThat(names).containsAll(created).noneMatch(deleted::contains);
        SortedSet<TopicPartition> all = new TreeSet<>();
        for (String topic : names) {
            TopicNode placed = TopicNode.decode(cluster.value(cluster.observer().get(ClusterPaths.topic(topic)))
                    .data());
            assertThat(placed.adding())
                    .as("what is added to %s: %s", topic, placed)
                    .isEmpty();
            assertThat(placed.removing())
                    .as("what is left of %s elsewhere: %s", topic, placed)
                    .isEmpty();
            states(topic).forEach((id, node) -> {
                all.add(id);
                for (SimulatedCluster.Broker broker : cluster.brokers.values()) {
                    assertThat(broker.replicas.served.containsKey(id))
                            .as("a log of %s on broker %s", id, broker.id)
                            .isEqualTo(placed.replicas().get(id.partition()).contains(broker.id));
                }
                compare(id, PartitionStateNode.decode(node.data()), node.version());
            });
        }
        for (SimulatedCluster.Broker broker : cluster.brokers.values()) {
            assertThat(all).as("what broker %s serves", broker.id).containsAll(broker.replicas.served.keySet());
            assertThat(broker.image().topics().keySet()).containsExactlyElementsOf(new TreeSet<>(names));
            assertThat(broker.image().brokers()).hasSize(BROKERS);
        }
    }

    private void compare(TopicPartition id, PartitionStateNode state, int version) {
        assertThat(state.leader()).as("all replicas of %s are there", id).isNotEqualTo(-1);
        for (SimulatedCluster.Broker broker : cluster.brokers.values()) {
            PartitionInfo shown =
                    broker.image().topics().get(id.topic()).partitions().get(id.partition());
            assertThat(shown.leader()).as("leader of %s on %s", id, broker.id).isEqualTo(state.leader());
            assertThat(shown.leaderEpoch()).isEqualTo(state.leaderEpoch());
            assertThat(shown.isr()).isEqualTo(state.isr());
            if (shown.replicas().contains(broker.id)) {
                PartitionState served = broker.replicas.served.get(id);
                assertThat(served).as("%s on %s", id, broker.id).isNotNull();
                assertThat(served.leader()).isEqualTo(state.leader());
                assertThat(served.leaderEpoch()).isEqualTo(state.leaderEpoch());
                assertThat(served.partitionEpoch()).isLessThanOrEqualTo(version);
            }
        }
    }

    String trace() {
        return trace.toString();
    }

    void close() {
        cluster.close();
        cluster.files.close();
    }
}
