package io.odradek.server.tools.topics;

import java.util.List;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;

/** How a description of topics is written. */
interface TopicReport {
    /**
     * Begins a topic.
     *
     * @param topic what is known of it
     * @param replicationFactor how many replicas its partitions are to have
     * @param settings those that are not as brokers have them by default
     */
    void topic(TopicDescription topic, int replicationFactor, List<ConfigEntry> settings);

    /**
     * Tells of a partition.
     *
     * @param topic its topic
     * @param partition what is known of it
     * @param move where its replicas are on their way to; null if they stay
     */
    void partition(TopicDescription topic, TopicPartitionInfo partition, PartitionReassignment move);
}
