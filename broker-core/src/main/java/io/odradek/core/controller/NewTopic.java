package io.odradek.core.controller;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A topic that somebody wants.
 *
 * @param name its name, unchecked
 * @param partitions how many partitions, or -1 for the broker's default
 * @param replicationFactor how many replicas each, or -1 for the broker's default
 * @param assignment the broker ids of each partition's replicas by partition, or empty to let the controller place them
 * @param config what it overrides of the broker's defaults; unchecked, values may be null
 */
public record NewTopic(
        String name,
        int partitions,
        short replicationFactor,
        SortedMap<Integer, List<Integer>> assignment,
        Map<String, String> config) {}
