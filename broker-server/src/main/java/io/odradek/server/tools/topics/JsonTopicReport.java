package io.odradek.server.tools.topics;

import io.odradek.server.json.Json;
import io.odradek.server.tools.Terminal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;

/** One JSON object for each topic and each partition. */
record JsonTopicReport(Terminal terminal) implements TopicReport {
    @Override
    public void topic(TopicDescription topic, int replicationFactor, List<ConfigEntry> settings) {
        Map<String, Object> configs = new LinkedHashMap<>();
        settings.forEach(entry -> configs.put(entry.name(), entry.value()));
        terminal.line(Json.text(Json.object(
                "type",
                "topic",
                "topic",
                topic.name(),
                "topicId",
                topic.topicId().toString(),
                "internal",
                topic.isInternal(),
                "partitionCount",
                topic.partitions().size(),
                "replicationFactor",
                replicationFactor,
                "configs",
                configs)));
    }

    @Override
    public void partition(TopicDescription topic, TopicPartitionInfo partition, PartitionReassignment move) {
        Map<String, Object> object = Json.object(
                "type",
                "partition",
                "topic",
                topic.name(),
                "partition",
                partition.partition(),
                "leader",
                partition.leader() == null ? null : partition.leader().id(),
                "replicas",
                ids(partition.replicas()),
                "isr",
                ids(partition.isr()));
        if (move != null) {
            object.put("addingReplicas", move.addingReplicas());
            object.put("removingReplicas", move.removingReplicas());
        }
        terminal.line(Json.text(object));
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }
}
