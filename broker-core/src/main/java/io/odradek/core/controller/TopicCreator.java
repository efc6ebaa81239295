package io.odradek.core.controller;

import io.odradek.protocol.errors.ErrorCode;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Creates topics on behalf of other rooms: auto-creation by Metadata and FindCoordinator requests. */
public interface TopicCreator {
    /**
     * Creates a topic if there is none.
     *
     * @param topic the name
     * @param partitions how many, or -1 for {@code num.partitions}
     * @param replicationFactor how many replicas, or -1 for {@code default.replication.factor}
     * @param config overrides of the broker's defaults
     * @return completes when the topic is in the metadata image with its leaders serving (NONE or TOPIC_ALREADY_EXISTS),
     *     or with the error that a client should see
     */
    CompletionStage<ErrorCode> create(
            String topic, int partitions, short replicationFactor, Map<String, String> config);
}
