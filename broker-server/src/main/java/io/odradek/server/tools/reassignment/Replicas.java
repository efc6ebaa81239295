package io.odradek.server.tools.reassignment;

import io.odradek.server.tools.Answers;
import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.TopicPartitions;
import io.odradek.server.tools.Topics;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;

/** Where replicas are, and which of them move. */
record Replicas(Admin admin) {
    /** {@return the brokers of all partitions of topics} @throws ToolException that names a topic that is not there */
    SortedMap<TopicPartition, List<Integer>> ofTopics(Collection<String> topics) throws Exception {
        return of(Topics.described(admin, topics).values());
    }

    /** {@return the brokers of partitions} @throws ToolException that names one that is not there */
    SortedMap<TopicPartition, List<Integer>> of(Set<TopicPartition> partitions) throws Exception {
        SortedMap<TopicPartition, List<Integer>> found = ofTopics(topics(partitions));
        for (TopicPartition each : partitions) {
            if (!found.containsKey(each)) {
                throw new ToolException("There is no partition " + each);
            }
        }
        found.keySet().retainAll(partitions);
        return found;
    }

    /** {@return the brokers of all topics' partitions that are there} @param partitions of topics that may not be there */
    SortedMap<TopicPartition, List<Integer>> ifThere(Set<TopicPartition> partitions) throws Exception {
        Set<String> topics = topics(partitions);
        topics.retainAll(Answers.of(
                admin.listTopics(new ListTopicsOptions().listInternal(true)).names()));
        return ofTopics(topics);
    }

    /** {@return all moves that are under way} */
    SortedMap<TopicPartition, PartitionReassignment> moving() throws Exception {
        SortedMap<TopicPartition, PartitionReassignment> moving = new TreeMap<>(TopicPartitions.IN_ORDER);
        moving.putAll(Answers.of(admin.listPartitionReassignments().reassignments()));
        return moving;
    }

    /** {@return their names, as {@code t-0,t-1}} */
    static String names(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::toString).collect(Collectors.joining(","));
    }

    private static Set<String> topics(Set<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
    }

    private static SortedMap<TopicPartition, List<Integer>> of(Collection<TopicDescription> topics) {
        SortedMap<TopicPartition, List<Integer>> replicas = new TreeMap<>(TopicPartitions.IN_ORDER);
        for (TopicDescription topic : topics) {
            topic.partitions()
                    .forEach(each -> replicas.put(
                            new TopicPartition(topic.name(), each.partition()),
                            each.replicas().stream().map(Node::id).toList()));
        }
        return replicas;
    }
}
