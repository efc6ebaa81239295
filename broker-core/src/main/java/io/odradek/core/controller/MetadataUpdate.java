package io.odradek.core.controller;

import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.util.List;
import java.util.SortedMap;

/**
 * What a controller tells a broker of the cluster.
 *
 * @param brokers all live brokers
 * @param topics what is new or has changed
 * @param deleted partitions that are gone for good
 */
public record MetadataUpdate(
        SortedMap<Integer, LiveBroker> brokers, List<TopicUpdate> topics, List<TopicPartition> deleted) {
    /**
     * What has changed of a topic.
     *
     * @param name its name
     * @param id its identifier
     * @param partitions those that are new or have changed, by index
     */
    public record TopicUpdate(String name, Uuid id, SortedMap<Integer, PartitionInfo> partitions) {}
}
