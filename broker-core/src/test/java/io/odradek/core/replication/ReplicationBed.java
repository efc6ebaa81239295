package io.odradek.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.core.quota.ReplicationThrottle;
import io.odradek.core.transport.BrokerAnswer;
import io.odradek.core.transport.BrokerClient;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.core.transport.ControllerClient;
import io.odradek.core.transport.Purpose;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.AlterPartitionRequest;
import io.odradek.protocol.api.AlterPartitionResponse;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Brokers with replicas of the partitions of one topic, in one simulated world, a network between them that can be cut, and a
 * controller that does what the test says and takes what leaders propose.
 */
final class ReplicationBed {
    static final String TOPIC = "t";
    static final Uuid TOPIC_ID = new Uuid(0x4000, 7);
    private static final int TIMEOUT_MS = 5_000;

    final SimulatedWorld world;
    final SortedMap<Integer, ReplicaNode> nodes = new TreeMap<>();
    final SortedMap<TopicPartition, PartitionState> states = new TreeMap<>();
    final List<AlterPartitionRequest> proposals = new ArrayList<>();
    final Set<Integer> cutOff = new HashSet<>();
    final Map<String, String> config;
    ErrorCode refusal = ErrorCode.NONE;
    boolean controllerIsDeaf;
    int fetchersPerLeader = 1;
    long leaderBytesPerSecond = ReplicationThrottle.UNBOUNDED;
    long followerBytesPerSecond = ReplicationThrottle.UNBOUNDED;
    int slowestOrderMs;
    private final Map<Integer, Long> toldUntilMs = new TreeMap<>();
    private final SimulatedLoop controller;
    int requests;
    int answersHeld;
    private final Random random;

    ReplicationBed(Map<String, String> config, Integer... brokerIds) {
        this(SimulatedWorld.seedFromSystem(), config, brokerIds);
    }

    ReplicationBed(long seed, Map<String, String> config, Integer... brokerIds) {
        this.world = new SimulatedWorld(seed);
        this.random = world.newRandom("network");
        this.controller = world.newLoop("controller");
        this.config = config;
        for (int brokerId : brokerIds) {
            nodes.put(brokerId, new ReplicaNode(this, brokerId, seed));
        }
    }

    ReplicationBed start() {
        nodes.values().forEach(ReplicaNode::start);
        return this;
    }

    static TopicPartition id(int partition) {
        return new TopicPartition(TOPIC, partition);
    }

    MetadataImage image() {
        TreeMap<Integer, BrokerInfo> brokers = new TreeMap<>();
        nodes.forEach((id, node) -> {
            if (node.isUp()) {
                brokers.put(
                        id, new BrokerInfo(id, null, new TreeMap<>(Map.of("PLAINTEXT", new Endpoint("b" + id, 9)))));
            }
        });
        List<PartitionInfo> partitions = new ArrayList<>();
        states.values()
                .forEach(state -> partitions.add(
                        new PartitionInfo(state.leader(), state.leaderEpoch(), state.replicas(), state.isr())));
        TreeMap<String, TopicInfo> topics =
                new TreeMap<>(Map.of(TOPIC, new TopicInfo(TOPIC, TOPIC_ID, partitions, config)));
        return new MetadataImage("cluster", 1, brokers, topics, Map.of(TOPIC_ID, TOPIC));
    }

    /** The controller decides, and tells all brokers that live. */
    void elect(int partition, int leader, int leaderEpoch, List<Integer> isr, List<Integer> replicas) {
        PartitionState before = states.get(id(partition));
        int partitionEpoch = before == null ? 0 : before.partitionEpoch() + 1;
        states.put(
                id(partition),
                new PartitionState(
                        id(partition), TOPIC_ID, leader, leaderEpoch, isr, partitionEpoch, replicas, before == null));
        replicas.stream().filter(brokerId -> !cutOff.contains(brokerId)).forEach(brokerId -> tell(brokerId, partition));
        world.runUntilIdle();
    }

    /** An unclean election of which only the new leader hears, with everybody cut off. */
    void leadAlone(int partition, int leader, int leaderEpoch) {
        nodes.keySet().forEach(cutOff::add);
        elect(partition, leader, leaderEpoch, List.of(leader), List.copyOf(nodes.keySet()));
        tell(leader, partition);
        world.runUntilIdle();
    }

    /** A broker reaches the others again, and the controller reaches it. */
    void heal(int brokerId) {
        cutOff.remove(brokerId);
        states.keySet().forEach(id -> tell(brokerId, id.partition()));
    }

    /** Tells a broker what is decided now, in the order of the decisions, perhaps after a while. */
    void tell(int brokerId, int partition) {
        ReplicaNode node = nodes.get(brokerId);
        if (!node.isUp()) {
            return;
        }
        PartitionState state = states.get(id(partition));
        int life = node.lives();
        long nowMs = world.clock().monotonicNs() / 1_000_000;
        long dueMs = Math.max(
                toldUntilMs.getOrDefault(brokerId, 0L),
                nowMs + (slowestOrderMs == 0 ? 0 : random.nextInt(slowestOrderMs)));
        toldUntilMs.put(brokerId, dueMs);
        controller.schedule(dueMs - nowMs, () -> {
            if (node.isUp() && node.lives() == life) {
                node.replicas.apply(List.of(state), Map.of(TOPIC, config));
            }
        });
    }

    ReplicaNode node(int brokerId) {
        return nodes.get(brokerId);
    }

    /** Waits until replicas have all that their leader has, and know it as committed if enough of them are in sync. */
    void awaitSame(int partition, Integer... brokerIds) {
        try {
            world.runUntil(() -> areSame(partition, brokerIds), 60_000);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + describe(partition), e);
        }
        ReplicaNode leader = node(states.get(id(partition)).leader());
        for (int brokerId : brokerIds) {
            assertThat(node(brokerId).contents(partition)).isEqualTo(leader.contents(partition));
        }
    }

    private boolean areSame(int partition, Integer... brokerIds) {
        PartitionState state = states.get(id(partition));
        ReplicaNode leader = node(state.leader());
        if (state.isr().size() > 1 && leader.highWatermark(partition) != leader.end(partition)) {
            return false;
        }
        for (int brokerId : brokerIds) {
            if (!node(brokerId).end(partition).equals(leader.end(partition))
                    || node(brokerId).start(partition) != leader.start(partition)
                    || node(brokerId).highWatermark(partition) != leader.highWatermark(partition)) {
                return false;
            }
        }
        return true;
    }

    /** {@return how a partition stands on each broker} */
    String describe(int partition) {
        StringBuilder text = new StringBuilder("on record: " + states.get(id(partition)));
        nodes.forEach((brokerId, node) -> {
            text.append("\n").append(brokerId).append(node.isUp() ? "" : " (down)");
            if (node.isUp() && node.partition(partition) != null) {
                text.append(" ")
                        .append(node.start(partition))
                        .append("..")
                        .append(node.end(partition))
                        .append(", high watermark ")
                        .append(node.highWatermark(partition))
                        .append(", ")
                        .append(node.partition(partition).role());
            }
        });
        return text.toString();
    }

    /** {@return the controller's end of what leaders ask} */
    ControllerClient controller(int from, EventLoop loop) {
        return (api, version, request, timeoutMs) -> {
            proposals.add((AlterPartitionRequest) request);
            if (controllerIsDeaf || cutOff.contains(from)) {
                CompletableFuture<io.odradek.protocol.api.ApiResponse> never = new CompletableFuture<>();
                loop.schedule(
                        timeoutMs,
                        () -> never.completeExceptionally(new BrokerUnreachableException("The controller is silent")));
                return never;
            }
            CompletableFuture<io.odradek.protocol.api.ApiResponse> answer = new CompletableFuture<>();
            loop.schedule(1, () -> answer.complete(decide((AlterPartitionRequest) request)));
            return answer;
        };
    }

    private AlterPartitionResponse decide(AlterPartitionRequest request) {
        List<AlterPartitionResponse.TopicData> topics = new ArrayList<>();
        for (AlterPartitionRequest.TopicData topic : request.topics()) {
            List<AlterPartitionResponse.PartitionData> answers = new ArrayList<>();
            for (AlterPartitionRequest.PartitionData one : topic.partitions()) {
                answers.add(decide(id(one.partitionIndex()), one));
            }
            topics.add(new AlterPartitionResponse.TopicData("", topic.topicId(), answers));
        }
        return new AlterPartitionResponse(ErrorCode.NONE, topics);
    }

    private AlterPartitionResponse.PartitionData decide(TopicPartition id, AlterPartitionRequest.PartitionData asked) {
        PartitionState now = states.get(id);
        ErrorCode error = refusal;
        if (asked.leaderEpoch() != now.leaderEpoch()) {
            error = ErrorCode.FENCED_LEADER_EPOCH;
        } else if (asked.partitionEpoch() != now.partitionEpoch()) {
            error = ErrorCode.INVALID_UPDATE_VERSION;
        }
        if (error == ErrorCode.NONE) {
            List<Integer> isr = asked.newIsrWithEpochs().stream()
                    .map(AlterPartitionRequest.BrokerState::brokerId)
                    .toList();
            now = new PartitionState(
                    id,
                    TOPIC_ID,
                    now.leader(),
                    now.leaderEpoch(),
                    isr,
                    now.partitionEpoch() + 1,
                    now.replicas(),
                    false);
            states.put(id, now);
        }
        return new AlterPartitionResponse.PartitionData(
                id.partition(), error, now.leader(), now.leaderEpoch(), now.isr(), (byte) 0, now.partitionEpoch());
    }

    /** {@return a broker's way to the others} */
    BrokerClient network(int from) {
        return new BrokerClient() {
            @Override
            public BrokerConnection connection(String host, int port, Purpose purpose, EventLoop loop) {
                return new Connection(from, Integer.parseInt(host.substring(1)), loop);
            }

            @Override
            public InetAddress lookUp(String host) {
                return null;
            }

            @Override
            public void close() {}
        };
    }

    private final class Connection implements BrokerConnection {
        private final int from;
        private final int to;
        private final EventLoop loop;
        private boolean closed;

        Connection(int from, int to, EventLoop loop) {
            this.from = from;
            this.to = to;
            this.loop = loop;
        }

        @Override
        public CompletionStage<BrokerAnswer> send(ApiKey api, int version, ApiRequest request, int timeoutMs) {
            requests++;
            CompletableFuture<BrokerAnswer> stage = new CompletableFuture<>();
            WireExchange exchange = new WireExchange(api, version, request, answer -> {
                if (isOpen()) {
                    loop.schedule(random.nextInt(2), () -> {
                        if (isOpen() && answer != null) {
                            stage.complete(held(answer));
                        }
                    });
                }
            });
            loop.schedule(TIMEOUT_MS, () -> stage.completeExceptionally(new BrokerUnreachableException("No answer")));
            ReplicaNode node = node(to);
            if (isOpen() && node.isUp()) {
                node.network.schedule(random.nextInt(2), () -> exchange.handTo(node::serve));
            } else {
                loop.schedule(
                        1, () -> stage.completeExceptionally(new BrokerUnreachableException("b" + to + " is away")));
            }
            return stage;
        }

        /** {@return the answer, counted as held until it is closed} */
        private BrokerAnswer held(BrokerAnswer answer) {
            answersHeld++;
            return new BrokerAnswer() {
                @Override
                public io.odradek.protocol.api.ApiResponse response() {
                    return answer.response();
                }

                @Override
                public void close() {
                    answersHeld--;
                    answer.close();
                }
            };
        }

        private boolean isOpen() {
            return !closed && !cutOff.contains(from) && !cutOff.contains(to);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
