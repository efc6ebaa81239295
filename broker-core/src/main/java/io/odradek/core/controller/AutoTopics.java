package io.odradek.core.controller;

import java.util.Map;
import java.util.TreeMap;

/**
 * What topics look like that nobody describes: the broker's own as their settings say, all others as its defaults do.
 *
 * @param defaultPartitions {@code num.partitions}
 * @param internal the broker's own topics by name, with as many replicas each as they shall have
 */
public record AutoTopics(int defaultPartitions, Map<String, NewTopic> internal) {
    /** {@return the topic to create} */
    NewTopic named(String name) {
        NewTopic known = internal.get(name);
        return known == null ? new NewTopic(name, -1, (short) -1, new TreeMap<>(), Map.of()) : known;
    }

    int partitionsOf(String name) {
        NewTopic known = internal.get(name);
        return known == null ? defaultPartitions : known.partitions();
    }
}
