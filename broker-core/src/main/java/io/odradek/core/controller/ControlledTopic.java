package io.odradek.core.controller;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 * @param config what it overrides of the broker's defaults
 */
record ControlledTopic(
        String name, Uuid id, SortedMap<Integer, ControlledPartition> partitions, SortedMap<String, String> config) {
    /** {@return with partitions that are new or have changed} */
    ControlledTopic with(Map<Integer, ? extends ControlledPartition> changed) {
        SortedMap<Integer, ControlledPartition> all = new TreeMap<>(partitions);
        all.putAll(changed);
        return new ControlledTopic(name, id, all, config);
    }

    /** {@return with other overrides} */
    ControlledTopic withConfig(SortedMap<String, String> overrides) {
        return new ControlledTopic(name, id, partitions, overrides);
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
