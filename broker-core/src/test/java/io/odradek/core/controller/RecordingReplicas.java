package io.odradek.core.controller;

import io.odradek.core.partition.LocalReplicas;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Replicas that only remember what they were told, in its order; they answer on a loop of their own, after a delay that a
 * test sets.
 */
public final class RecordingReplicas implements LocalReplicas {
    public final SortedMap<TopicPartition, PartitionState> served = new TreeMap<>();
    public final SortedMap<String, Map<String, String>> configs = new TreeMap<>();
    public final SortedSet<TopicPartition> broken = new TreeSet<>();
    public final List<TopicPartition> deleted = new ArrayList<>();
    public final List<TopicPartition> stopped = new ArrayList<>();
    public final SortedSet<TopicPartition> open = new TreeSet<>();
    public long delayMs;
    /** Is told of each state that is taken over. */
    public Consumer<PartitionState> listener = state -> {};

    private final EventLoop loop;

    public RecordingReplicas(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public CompletionStage<List<TopicPartition>> apply(
            List<PartitionState> states, Map<String, Map<String, String>> topicConfigs) {
        CompletableFuture<List<TopicPartition>> failed = new CompletableFuture<>();
        loop.post(() -> {
            List<TopicPartition> unserved = new ArrayList<>();
            for (PartitionState state : states) {
                if (broken.contains(state.id())) {
                    unserved.add(state.id());
                } else {
                    take(state);
                }
            }
            configs.putAll(topicConfigs);
            loop.schedule(delayMs, () -> failed.complete(unserved));
        });
        return failed;
    }

    private void take(PartitionState state) {
        PartitionState before = served.get(state.id());
        if (before == null
                || !before.topicId().equals(state.topicId())
                || before.leaderEpoch() < state.leaderEpoch()
                || before.leaderEpoch() == state.leaderEpoch() && before.partitionEpoch() <= state.partitionEpoch()) {
            served.put(state.id(), state);
            listener.accept(state);
        }
    }

    @Override
    public boolean hasLog(TopicPartition id) {
        return open.contains(id) || served.containsKey(id);
    }

    @Override
    public CompletionStage<Void> fence() {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<List<TopicPartition>> stop(List<ReplicaStop> replicas) {
        CompletableFuture<List<TopicPartition>> left = new CompletableFuture<>();
        loop.post(() -> {
            List<TopicPartition> unstopped = new ArrayList<>();
            for (ReplicaStop replica : replicas) {
                if (broken.contains(replica.id())) {
                    unstopped.add(replica.id());
                    continue;
                }
                served.remove(replica.id());
                (replica.delete() ? deleted : stopped).add(replica.id());
            }
            loop.schedule(delayMs, () -> left.complete(unstopped));
        });
        return left;
    }

    @Override
    public CompletionStage<Void> updateTopicConfig(String topic, Map<String, String> overrides) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.schedule(delayMs, () -> {
            configs.put(topic, overrides);
            done.complete(null);
        });
        return done;
    }

    public Uuid topicId(String topic) {
        return served.get(new TopicPartition(topic, 0)).topicId();
    }
}
