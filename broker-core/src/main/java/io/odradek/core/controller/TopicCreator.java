package io.odradek.core.controller;

import io.odradek.protocol.errors.ErrorCode;
import java.util.concurrent.CompletionStage;

/** Creates the topics that come into being because somebody asks for them: by Metadata and FindCoordinator requests. */
public interface TopicCreator {
    /**
     * Creates a topic if there is none. May be called from any thread.
     *
     * @param topic the name
     * @return completes when the topic is in the metadata image with its leaders serving (NONE or TOPIC_ALREADY_EXISTS),
     *     or with the error that a client should see
     */
    CompletionStage<ErrorCode> create(String topic);

    /** {@return how many partitions a topic gets that is created so} */
    int partitionsOf(String topic);
}
