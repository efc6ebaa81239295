package io.odradek.core.controller;

import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/** Gives states to partitions that have none, and leaders to those that have lost theirs; belongs to the controller's loop. */
final class NeededElections {
    private final Office office;
    private final ControllerState state;
    private final TopicWork topics;

    NeededElections(Office office, TopicWork topics) {
        this.office = office;
        this.state = office.state();
        this.topics = topics;
    }

    /** Elects among the brokers that there are. {@return the partitions of which nobody has been told yet} */
    CompletionStage<SortedSet<TopicPartition>> elect(Collection<ControlledTopic> some, boolean areNew) {
        return elect(some, state.brokers(), areNew);
    }

    /**
     * Elects.
     *
     * @param trusted the brokers, with what they have
     * @param areNew whether it is certain that partitions without a state have no logs: then their brokers are told of them
     * @return the partitions of which nobody has been told yet
     */
    CompletionStage<SortedSet<TopicPartition>> elect(
            Collection<ControlledTopic> some, Brokers trusted, boolean areNew) {
        SortedMap<TopicPartition, PartitionStateNode> next = state.elections().needed(some, trusted);
        SortedMap<String, SortedMap<Integer, ControlledPartition.Assigned>> first = new TreeMap<>();
        SortedSet<TopicPartition> untold = new TreeSet<>(next.keySet());
        for (ControlledTopic topic : some) {
            SortedMap<Integer, ControlledPartition.Assigned> ofTopic =
                    state.elections().first(topic, state.brokers());
            if (!ofTopic.isEmpty()) {
                first.put(topic.name(), ofTopic);
                if (!areNew) {
                    ofTopic.keySet().forEach(partition -> untold.add(topic.id(partition)));
                }
            }
        }
        List<CompletionStage<Void>> writes = new ArrayList<>();
        first.forEach((name, ofTopic) -> writes.add(topics.store()
                .initialize(name, ofTopic)
                .thenAccept(done -> state.put(state.topics().get(name).with(ofTopic)))));
        return Stages.all(writes).thenCompose(done -> office.write(next)).thenApply(done -> {
            if (areNew) {
                SortedMap<String, SortedSet<Integer>> fresh = new TreeMap<>();
                first.forEach((name, ofTopic) -> fresh.put(name, new TreeSet<>(ofTopic.keySet())));
                topics.newPartitions().begin(fresh);
            }
            return untold;
        });
    }
}
