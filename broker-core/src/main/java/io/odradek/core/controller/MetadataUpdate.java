package io.odradek.core.controller;

import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.util.List;
import java.util.SortedMap;

/**
 * What a controller tells a broker of the cluster. What is gone is taken away first, then what is new is put in.
 *
 * @param brokers all live brokers
 * @param topics what is new or has changed
 * @param deleted partitions that are gone for good
 * @param whole whether nothing but {@code topics} is there: what a broker knows of others is what an earlier controller did
 *     not live to take back
 */
public record MetadataUpdate(
        SortedMap<Integer, LiveBroker> brokers, List<TopicUpdate> topics, List<TopicPartition> deleted, boolean whole) {
    /** What has changed. */
    public MetadataUpdate(
            SortedMap<Integer, LiveBroker> brokers, List<TopicUpdate> topics, List<TopicPartition> deleted) {
        this(brokers, topics, deleted, false);
    }

    /**
     * What has changed of a topic.
     *
     * @param name its name
     * @param id its identifier; with another than it had it is another topic, and the one before is gone
     * @param partitions those that are new or have changed, by index
     */
    public record TopicUpdate(String name, Uuid id, SortedMap<Integer, PartitionInfo> partitions) {}
}
