package io.odradek.server.tools.topics;

import java.util.Set;
import org.apache.kafka.common.TopicPartitionInfo;

/** Of which partitions, or topics, alone a description is wanted; all false: of all, with the settings of the topics. */
record PartitionFilter(
        boolean underReplicated, boolean unavailable, boolean underMinIsr, boolean atMinIsr, boolean withOverrides) {
    /** {@return whether lines about topics are wanted} */
    boolean showsTopics() {
        return !underReplicated && !unavailable && !underMinIsr && !atMinIsr;
    }

    /** {@return whether a topic's own line is wanted} @param overridden whether it has settings of its own */
    boolean showsTopic(boolean overridden) {
        return showsTopics() && (!withOverrides || overridden);
    }

    /**
     * {@return whether a partition's line is wanted}
     *
     * @param partition the partition
     * @param adding how many of its replicas are on their way to it
     * @param minIsr its topic's min.insync.replicas
     * @param liveBrokers the ids of those that can lead
     */
    boolean shows(TopicPartitionInfo partition, int adding, int minIsr, Set<Integer> liveBrokers) {
        boolean led = partition.leader() != null;
        int inSync = partition.isr().size();
        return showsTopics() && !withOverrides
                || underReplicated && inSync < partition.replicas().size() - adding
                || unavailable
                        && !(led && liveBrokers.contains(partition.leader().id()))
                || underMinIsr && (!led || inSync < minIsr)
                || atMinIsr && inSync == minIsr;
    }
}
