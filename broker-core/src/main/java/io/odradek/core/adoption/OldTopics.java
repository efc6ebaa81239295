package io.odradek.core.adoption;

import io.odradek.protocol.wire.Uuid;
import java.util.SortedMap;

/**
 * What a source knows of topics.
 *
 * @param source what it is, for the log
 * @param whole whether it can be read to its end; otherwise what it says last of a topic may not be what was said last
 * @param topics the topics by name
 * @param brokerSettings what was set while the cluster ran for this broker or for all, by the brokers' names; topics inherit
 *     it
 */
public record OldTopics(
        String source, boolean whole, SortedMap<String, OldTopic> topics, SortedMap<String, String> brokerSettings) {
    /**
     * A topic.
     *
     * @param id its identifier, {@link Uuid#ZERO} for none
     * @param partitions how many partitions it has, 0 where that is not known
     * @param overrides what it overrides
     */
    public record OldTopic(Uuid id, int partitions, SortedMap<String, String> overrides) {
        boolean mayBe(Uuid other) {
            return id.equals(other) || id.equals(Uuid.ZERO) || other.equals(Uuid.ZERO);
        }
    }
}
