package io.odradek.core.controller;

import java.util.Map;
import java.util.TreeMap;

/**
 * What topics look like that nobody describes: the broker's own as their settings say, all others as its defaults do.
 *
 * @param defaultPartitions {@code num.partitions}
 * @param internal the broker's own topics by name, with as many replicas each as they shall have where there are brokers
 */
public record AutoTopics(int defaultPartitions, Map<String, NewTopic> internal) {
    /**
     * {@return the topic to create}
     *
     * @param liveBrokers how many brokers there are; an internal topic makes do with fewer replicas
     */
    NewTopic named(String name, int liveBrokers) {
        NewTopic known = internal.get(name);
        if (known == null) {
            return new NewTopic(name, -1, (short) -1, new TreeMap<>(), Map.of());
        }
        short replicas = (short) Math.min(known.replicationFactor(), Math.max(1, liveBrokers));
        return new NewTopic(name, known.partitions(), replicas, new TreeMap<>(), known.config());
    }

    int partitionsOf(String name) {
        NewTopic known = internal.get(name);
        return known == null ? defaultPartitions : known.partitions();
    }
}
