package io.odradek.core.controller;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Topic names by what becomes of them in metrics, where dots are written as underscores: no two topics may become one there.
 * Belongs to the controller's loop.
 */
final class MetricNames {
    private final Map<String, SortedSet<String>> topics = new HashMap<>();

    void add(String topic) {
        topics.computeIfAbsent(inMetrics(topic), any -> new TreeSet<>()).add(topic);
    }

    void remove(String topic) {
        topics.computeIfPresent(
                inMetrics(topic), (any, names) -> names.remove(topic) && names.isEmpty() ? null : names);
    }

    /** {@return another topic that could not be told from this one, null if there is none} */
    String colliding(String topic) {
        for (String other : topics.getOrDefault(inMetrics(topic), new TreeSet<>())) {
            if (!other.equals(topic)) {
                return other;
            }
        }
        return null;
    }

    private static String inMetrics(String topic) {
        return topic.replace('.', '_');
    }
}
