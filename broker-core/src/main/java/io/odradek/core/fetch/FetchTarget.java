package io.odradek.core.fetch;

import io.odradek.protocol.wire.Uuid;

/**
 * A partition as a Fetch request names it: by topic name up to version 12, by topic identifier after.
 *
 * @param topic the topic's name, empty where it is named by identifier
 * @param topicId the topic's identifier, {@link Uuid#ZERO} where it is named by name
 * @param partition the partition's index
 */
public record FetchTarget(String topic, Uuid topicId, int partition) implements Comparable<FetchTarget> {
    // Written out, as in Uuid.
    @Override
    public boolean equals(Object other) {
        return other instanceof FetchTarget that && partition == that.partition && sameTopic(that);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * topic.hashCode() + topicId.hashCode()) + partition;
    }

    /**
     * An order, so that a hash map finds its way among targets that a client made to collide: without one, a request of
     * 16 MB would take minutes.
     */
    @Override
    public int compareTo(FetchTarget other) {
        int byId = topicId.compareTo(other.topicId);
        int byTopic = byId != 0 ? byId : topic.compareTo(other.topic);
        return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }

    /** {@return whether the topic is named as in the other} */
    public boolean sameTopic(FetchTarget other) {
        return topicId.equals(other.topicId) && topic.equals(other.topic);
    }
}
