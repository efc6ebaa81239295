package io.odradek.core.coordination.node;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.core.coordination.json.JsonWriter;
import io.odradek.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code /isr_change_notification/isr_change_N} and {@code /admin/preferred_replica_election}, version 1 of their JSON:
 * partitions whose ISR a leader of before KIP-497 has changed, and those whose preferred leaders an old tool wants.
 *
 * @param partitions the partitions
 */
public record PartitionsNode(List<TopicPartition> partitions) {
    /** {@return the node's data} */
    public byte[] encode() {
        List<JsonWriter> elements = new ArrayList<>(partitions.size());
        for (TopicPartition partition : partitions) {
            elements.add(new JsonWriter().field("topic", partition.topic()).field("partition", partition.partition()));
        }
        return new JsonWriter()
                .field("version", 1)
                .objects("partitions", elements)
                .bytes();
    }

    /** {@return the node that was read} */
    public static PartitionsNode decode(byte[] data) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (JsonObject element : JsonReader.readObject(data).objectsAt("partitions")) {
            partitions.add(new TopicPartition(element.stringAt("topic"), element.intAt("partition")));
        }
        return new PartitionsNode(List.copyOf(partitions));
    }
}
