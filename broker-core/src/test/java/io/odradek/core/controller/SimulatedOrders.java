package io.odradek.core.controller;

import io.odradek.core.orders.Authority;
import io.odradek.core.orders.ControllerOrders;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.core.partition.LocalReplicas.ReplicaStop;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The orders of one office in a simulated cluster: they reach every broker that stands in it, in the order in which they are
 * given, after a while that a test sets. What a broker that is cut off is told waits until it is reached again or gone.
 */
final class SimulatedOrders implements BrokerOrders {
    private final SimulatedCluster cluster;
    private final SimulatedCluster.Broker from;
    private final int controllerEpoch;
    private final SortedMap<Integer, Set<CompletableFuture<?>>> underWay = new TreeMap<>();
    private final SortedMap<Integer, Deque<Runnable>> lines = new TreeMap<>();
    private SortedMap<Integer, LiveBroker> live = new TreeMap<>();
    private boolean closed;

    SimulatedOrders(SimulatedCluster cluster, SimulatedCluster.Broker from, int controllerEpoch) {
        this.cluster = cluster;
        this.from = from;
        this.controllerEpoch = controllerEpoch;
    }

    @Override
    public void live(SortedMap<Integer, LiveBroker> brokers) {
        SortedMap<Integer, LiveBroker> before = live;
        live = new TreeMap<>(brokers);
        before.forEach((id, broker) -> {
            LiveBroker now = brokers.get(id);
            if (now == null || now.epoch() != broker.epoch()) {
                fail(id, ErrorCode.BROKER_NOT_AVAILABLE);
            }
        });
    }

    @Override
    public CompletionStage<List<TopicPartition>> leaderAndIsr(int brokerId, List<PartitionState> states) {
        Authority authority = authority(brokerId);
        return send(brokerId, to -> to.leaderAndIsr(authority, states));
    }

    @Override
    public CompletionStage<List<TopicPartition>> stopReplicas(int brokerId, List<StoppedReplica> replicas) {
        List<ReplicaStop> stops = new ArrayList<>();
        replicas.forEach(one -> stops.add(new ReplicaStop(one.id(), one.leaderEpoch(), one.delete())));
        Authority authority = authority(brokerId);
        return send(brokerId, to -> to.stopReplicas(authority, stops));
    }

    @Override
    public CompletionStage<Void> updateMetadata(int brokerId, MetadataUpdate update) {
        Authority authority = authority(brokerId);
        return send(brokerId, to -> to.updateMetadata(authority, update));
    }

    @Override
    public void close() {
        closed = true;
        List.copyOf(underWay.keySet()).forEach(id -> fail(id, ErrorCode.NOT_CONTROLLER));
    }

    private Authority authority(int brokerId) {
        LiveBroker to = live.get(brokerId);
        return new Authority(from.id, controllerEpoch, to == null ? Authority.ANY_LIFE : to.epoch());
    }

    private <T> CompletionStage<T> send(int brokerId, Function<ControllerOrders, CompletionStage<T>> order) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (closed || !live.containsKey(brokerId)) {
            ErrorCode why = closed ? ErrorCode.NOT_CONTROLLER : ErrorCode.BROKER_NOT_AVAILABLE;
            answer.completeExceptionally(new ApiException(why, "Not sent"));
            return answer;
        }
        underWay.computeIfAbsent(brokerId, any -> new LinkedHashSet<>()).add(answer);
        answer.whenComplete((value, error) -> underWay.get(brokerId).remove(answer));
        long life = live.get(brokerId).epoch();
        lines.computeIfAbsent(brokerId, any -> new ArrayDeque<>()).add(() -> {
            if (!answer.isDone()
                    && live.containsKey(brokerId)
                    && live.get(brokerId).epoch() == life) {
                deliver(brokerId, order, answer);
            }
        });
        advance(brokerId);
        return answer;
    }

    /** What waits for a broker that is cut off is sent when it is not any more. */
    private void advance(int brokerId) {
        boolean cut = brokerId != from.id && (cluster.cutOff.contains(brokerId) || cluster.cutOff.contains(from.id));
        if (cut) {
            from.loop.schedule(50, () -> advance(brokerId));
            return;
        }
        Deque<Runnable> line = lines.get(brokerId);
        while (!line.isEmpty() && !closed) {
            line.remove().run();
        }
    }

    private <T> void deliver(
            int brokerId, Function<ControllerOrders, CompletionStage<T>> order, CompletableFuture<T> answer) {
        SimulatedCluster.Broker to = cluster.brokers.get(brokerId);
        if (to == null) {
            return;
        }
        long delayMs = to == from ? 0 : cluster.orderDelayMs;
        to.loop.schedule(
                delayMs,
                () -> order.apply(to.orders)
                        .whenComplete((value, error) -> from.loop.schedule(delayMs, () -> {
                            if (!closed) {
                                Stages.relay(answer, value, error);
                            }
                        })));
    }

    private void fail(int brokerId, ErrorCode reason) {
        for (CompletableFuture<?> answer : List.copyOf(underWay.getOrDefault(brokerId, Set.of()))) {
            answer.completeExceptionally(new ApiException(reason, "Broker " + brokerId + " is told nothing more"));
        }
    }
}
