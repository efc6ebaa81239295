package io.odradek.core.coordination.node;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.core.coordination.json.JsonWriter;
import io.odradek.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code /admin/reassign_partitions}, version 1 of its JSON: where an old tool wants replicas to be. Since KIP-455 tools ask
 * the controller instead.
 *
 * @param replicas the broker ids wanted, by partition, in the order of the node
 */
public record ReassignmentNode(Map<TopicPartition, List<Integer>> replicas) {
    /** {@return the node's data} */
    public byte[] encode() {
        List<JsonWriter> elements = new ArrayList<>(replicas.size());
        for (Map.Entry<TopicPartition, List<Integer>> entry : replicas.entrySet()) {
            elements.add(new JsonWriter()
                    .field("topic", entry.getKey().topic())
                    .field("partition", entry.getKey().partition())
                    .ints("replicas", entry.getValue()));
        }
        return new JsonWriter()
                .field("version", 1)
                .objects("partitions", elements)
                .bytes();
    }

    /** {@return the node that was read} */
    public static ReassignmentNode decode(byte[] data) {
        Map<TopicPartition, List<Integer>> replicas = new LinkedHashMap<>();
        for (JsonObject element : JsonReader.readObject(data).objectsAt("partitions")) {
            replicas.put(
                    new TopicPartition(element.stringAt("topic"), element.intAt("partition")),
                    element.intsAt("replicas"));
        }
        return new ReassignmentNode(replicas);
    }
}
