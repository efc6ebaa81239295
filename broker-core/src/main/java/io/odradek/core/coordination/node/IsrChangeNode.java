package io.odradek.core.coordination.node;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code /isr_change_notification/isr_change_N}, version 1 of its JSON: a leader of a former version, which writes the ISR
 * itself, tells of which partitions. It is only read.
 *
 * @param partitions the partitions whose state has changed
 */
public record IsrChangeNode(List<TopicPartition> partitions) {
    /** {@return the node that was read} */
    public static IsrChangeNode decode(byte[] data) {
        return new IsrChangeNode(partitionsIn(JsonReader.readObject(data)));
    }

    /** {@return the partitions that a node lists, each as an object of topic and partition} */
    static List<TopicPartition> partitionsIn(JsonObject json) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (JsonObject partition : json.objectsAt("partitions")) {
            partitions.add(new TopicPartition(partition.stringAt("topic"), partition.intAt("partition")));
        }
        return partitions;
    }
}
