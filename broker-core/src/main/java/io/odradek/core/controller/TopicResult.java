package io.odradek.core.controller;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came of the wish for a topic.
 *
 * @param name the topic's name
 * @param id its identifier; {@link Uuid#ZERO} if it was not created
 * @param error NONE, or why it was not created
 * @param message what happened, null with NONE
 * @param partitions how many partitions it has, -1 with an error
 * @param replicationFactor how many replicas each has, -1 with an error
 * @param config what it overrides of the broker's defaults
 */
public record TopicResult(
        String name,
        Uuid id,
        ErrorCode error,
        String message,
        int partitions,
        short replicationFactor,
        SortedMap<String, String> config) {
    /** A topic that was not created. */
    static TopicResult failed(String name, ErrorCode error, String message) {
        return new TopicResult(name, Uuid.ZERO, error, message, -1, (short) -1, new TreeMap<>());
    }

    /** A topic that could be created. */
    static TopicResult of(TopicPlan plan) {
        return new TopicResult(
                plan.name(),
                Uuid.ZERO,
                ErrorCode.NONE,
                null,
                plan.partitions(),
                plan.replicationFactor(),
                plan.config());
    }

    /** A topic that was created. */
    static TopicResult of(ControlledTopic topic) {
        return new TopicResult(
                topic.name(),
                topic.id(),
                ErrorCode.NONE,
                null,
                topic.partitions().size(),
                (short) topic.partitions().get(0).replicas().size(),
                topic.config());
    }
}
