package io.odradek.server.tools.topics;

import io.odradek.server.tools.Terminal;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;

/** As Kafka 3.9 writes it: a line for each topic, and one for each partition, with tabulators between the parts. */
record TextTopicReport(Terminal terminal) implements TopicReport {
    @Override
    public void topic(TopicDescription topic, int replicationFactor, List<ConfigEntry> settings) {
        StringBuilder line = new StringBuilder("Topic: ").append(topic.name());
        if (!Uuid.ZERO_UUID.equals(topic.topicId())) {
            line.append("\tTopicId: ").append(topic.topicId());
        }
        line.append("\tPartitionCount: ").append(topic.partitions().size());
        line.append("\tReplicationFactor: ").append(replicationFactor);
        line.append("\tConfigs: ")
                .append(settings.stream()
                        .map(entry -> entry.name() + "=" + entry.value())
                        .collect(Collectors.joining(",")));
        terminal.line(line.toString());
    }

    @Override
    public void partition(TopicDescription topic, TopicPartitionInfo partition, PartitionReassignment move) {
        StringBuilder line = new StringBuilder("\tTopic: ").append(topic.name());
        line.append("\tPartition: ").append(partition.partition());
        line.append("\tLeader: ")
                .append(
                        partition.leader() == null
                                ? "none"
                                : Integer.toString(partition.leader().id()));
        line.append("\tReplicas: ").append(ids(partition.replicas()));
        line.append("\tIsr: ").append(ids(partition.isr()));
        if (move != null) {
            line.append("\tAdding Replicas: ").append(numbers(move.addingReplicas()));
            line.append("\tRemoving Replicas: ").append(numbers(move.removingReplicas()));
        }
        line.append("\tElr: ").append(known(partition.elr()));
        line.append("\tLastKnownElr: ").append(known(partition.lastKnownElr()));
        terminal.line(line.toString());
    }

    private static String known(List<Node> nodes) {
        return nodes == null ? "N/A" : ids(nodes);
    }

    private static String ids(List<Node> nodes) {
        return numbers(nodes.stream().map(Node::id).toList());
    }

    private static String numbers(List<Integer> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
