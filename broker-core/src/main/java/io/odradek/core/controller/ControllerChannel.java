package io.odradek.core.controller;

import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The controller's way to the brokers. Calls return at once; the stages complete on any thread. */
public interface ControllerChannel {
    /**
     * Tells a broker which partitions it leads and follows.
     *
     * @param brokerId the broker
     * @param states the partitions
     * @param topicConfigs for each topic, what it overrides of the broker's defaults
     * @return completes when the broker serves them, with those it cannot serve
     */
    CompletionStage<List<TopicPartition>> apply(
            int brokerId, List<PartitionState> states, Map<String, Map<String, String>> topicConfigs);

    /** Tells a broker to stop and remove replicas of deleted topics. */
    CompletionStage<Void> delete(int brokerId, List<TopicPartition> partitions);
}
