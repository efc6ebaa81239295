package io.odradek.core.controller;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A topic as its controller knows it. Immutable.
 *
 * @param name its name
 * @param id its identifier
 * @param partitions its partitions by index
 * @param moving where the replicas of those partitions are to be that do not stay where they are
 * @param config what it overrides of the broker's defaults
 */
record ControlledTopic(
        String name,
        Uuid id,
        SortedMap<Integer, ControlledPartition> partitions,
        SortedMap<Integer, Assignment> moving,
        SortedMap<String, String> config) {
    /** A topic whose replicas stay where they are. */
    ControlledTopic(
            String name,
            Uuid id,
            SortedMap<Integer, ControlledPartition> partitions,
            SortedMap<String, String> config) {
        this(name, id, partitions, new TreeMap<>(), config);
    }

    /** {@return with partitions that are new or have changed} */
    ControlledTopic with(Map<Integer, ? extends ControlledPartition> changed) {
        SortedMap<Integer, ControlledPartition> all = new TreeMap<>(partitions);
        all.putAll(changed);
        return new ControlledTopic(name, id, all, moving, config);
    }

    /** {@return with other replicas of partitions, which have their states already} */
    ControlledTopic withAssignments(SortedMap<Integer, Assignment> changed) {
        SortedMap<Integer, Assignment> now = new TreeMap<>(moving);
        now.putAll(changed);
        now.values().removeIf(Assignment::isSettled);
        return new ControlledTopic(name, id, partitions, now, config);
    }

    /** {@return with other overrides} */
    ControlledTopic withConfig(SortedMap<String, String> overrides) {
        return new ControlledTopic(name, id, partitions, moving, overrides);
    }

    /** {@return where a partition's replicas are, and are to be} */
    Assignment assignment(int partition) {
        Assignment assignment = moving.get(partition);
        return assignment == null ? Assignment.settled(partitions.get(partition).replicas()) : assignment;
    }

    /** {@return the topic as it lies on brokers: with logs that are yet to be deleted for replicas, where their brokers live} */
    ControlledTopic wherever(Set<Integer> live) {
        SortedMap<Integer, ControlledPartition> all = new TreeMap<>();
        moving.forEach((partition, assignment) -> {
            List<Integer> brokers = new ArrayList<>(assignment.leaving());
            brokers.retainAll(live);
            brokers.addAll(assignment.replicas());
            all.put(partition, new ControlledPartition.New(brokers));
        });
        return with(all);
    }

    /** {@return every broker that has a replica} */
    SortedSet<Integer> brokers() {
        SortedSet<Integer> brokers = new TreeSet<>();
        for (ControlledPartition partition : partitions.values()) {
            brokers.addAll(partition.replicas());
        }
        return brokers;
    }

    /** {@return its partitions} */
    List<TopicPartition> allPartitions() {
        List<TopicPartition> all = new ArrayList<>(partitions.size());
        for (Integer partition : partitions.keySet()) {
            all.add(id(partition));
        }
        return all;
    }

    /** {@return the partitions with a replica on a broker} */
    List<TopicPartition> partitionsOn(int brokerId) {
        List<TopicPartition> on = new ArrayList<>();
        for (Map.Entry<Integer, ControlledPartition> entry : partitions.entrySet()) {
            if (entry.getValue().replicas().contains(brokerId)) {
                on.add(id(entry.getKey()));
            }
        }
        return on;
    }

    TopicPartition id(int partition) {
        return new TopicPartition(name, partition);
    }
}
