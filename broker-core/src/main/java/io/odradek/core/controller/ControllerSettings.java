package io.odradek.core.controller;

import java.util.Map;
import java.util.function.Supplier;

/**
 * What the controller needs to know of its broker.
 *
 * @param brokerId this broker's id
 * @param defaultPartitions {@code num.partitions}
 * @param defaultReplicationFactor {@code default.replication.factor}
 * @param limits how much one request may create
 * @param logDefaults the broker's settings now, by their broker names, which topics inherit
 * @param balance when leadership goes back to preferred leaders
 * @param deletesTopics {@code delete.topic.enable}
 */
public record ControllerSettings(
        int brokerId,
        int defaultPartitions,
        short defaultReplicationFactor,
        CreationLimits limits,
        Supplier<Map<String, String>> logDefaults,
        LeaderBalance balance,
        boolean deletesTopics) {}
