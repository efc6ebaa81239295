package io.odradek.core.controller;

import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * New partitions, from their first state until those who lead them serve them: only then are they shown, so that nobody is
 * sent to a leader that knows nothing of it yet. A leader that does not answer in time holds them up no longer. Belongs to
 * the controller's loop.
 */
final class NewPartitions {
    private static final long LONGEST_MS = 30_000;

    private final Office office;
    private final ControllerState state;
    private final Announcements brokers;
    private final SortedMap<String, Awaited> awaited = new TreeMap<>();

    /**
     * A topic's new partitions.
     *
     * @param unserved those whose leader has not answered
     * @param shown completes when everybody can see them
     */
    private record Awaited(SortedSet<Integer> unserved, CompletableFuture<Void> shown) {}

    NewPartitions(Office office, Announcements brokers) {
        this.office = office;
        this.state = office.state();
        this.brokers = brokers;
    }

    /**
     * Tells the brokers of partitions that have come into being.
     *
     * @return by topic: completes when everybody who asks this broker can see its new partitions
     */
    SortedMap<String, CompletionStage<Void>> begin(SortedMap<String, ? extends Collection<Integer>> partitions) {
        SortedMap<String, CompletionStage<Void>> shown = new TreeMap<>();
        List<TopicPartition> ids = new ArrayList<>();
        partitions.forEach((topic, indexes) -> {
            state.begin(topic, indexes);
            Awaited one = awaited.computeIfAbsent(topic, this::await);
            one.unserved().addAll(indexes);
            shown.put(topic, one.shown());
            indexes.forEach(index -> ids.add(new TopicPartition(topic, index)));
        });
        brokers.states(ids);
        sweep(shown.keySet());
        return shown;
    }

    private Awaited await(String topic) {
        Awaited one = new Awaited(new TreeSet<>(), new CompletableFuture<>());
        office.later(LONGEST_MS, () -> {
            if (awaited.get(topic) == one) {
                show(topic);
            }
        });
        return one;
    }

    /** A broker has answered what it was told. */
    void served(int brokerId, List<PartitionState> told, Collection<TopicPartition> failed) {
        if (awaited.isEmpty()) {
            return;
        }
        SortedSet<String> topics = new TreeSet<>();
        for (PartitionState one : told) {
            topics.add(one.id().topic());
            Awaited topic = awaited.get(one.id().topic());
            ControlledPartition.Assigned now = state.assigned(one.id());
            if (topic != null
                    && now != null
                    && now.state().leader() == brokerId
                    && now.state().leaderEpoch() == one.leaderEpoch()
                    && !failed.contains(one.id())) {
                topic.unserved().remove(one.id().partition());
            }
        }
        sweep(topics);
    }

    /** Shows what nobody has to be waited for any more, now that others were elected. */
    void sweep() {
        sweep(List.copyOf(awaited.keySet()));
    }

    private void sweep(Collection<String> topics) {
        for (String topic : topics) {
            Awaited one = awaited.get(topic);
            if (one == null) {
                continue;
            }
            SortedSet<Integer> unserved = one.unserved();
            unserved.removeIf(partition -> {
                ControlledPartition.Assigned now = state.assigned(new TopicPartition(topic, partition));
                return now == null || now.state().leader() == LeaderElection.NO_LEADER;
            });
            if (unserved.isEmpty()) {
                show(topic);
            }
        }
    }

    private void show(String topic) {
        CompletableFuture<Void> shown = awaited.remove(topic).shown();
        List<TopicPartition> ids = new ArrayList<>();
        state.show(topic).forEach(partition -> ids.add(new TopicPartition(topic, partition)));
        brokers.metadata(ids).whenComplete((done, error) -> Stages.relay(shown, done, error));
    }
}
