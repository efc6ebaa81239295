package io.odradek.core.config.dynamic;

import java.util.concurrent.CompletionStage;

/** Brings what the tree says of a topic's settings into effect on this broker. */
public interface TopicConfigEffect {
    /**
     * Reads a topic's settings again, and takes them over into the metadata image and the live logs. A topic that is not
     * there is no error.
     *
     * @return completes on the loop of the session with the tree when they are in effect
     */
    CompletionStage<Void> changed(String topic);
}
