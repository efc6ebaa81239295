package io.odradek.core.coordination.node;

import io.odradek.core.coordination.json.JsonReader;
import io.odradek.core.coordination.json.JsonWriter;

/**
 * {@code /cluster/id}; its version is a string, as Kafka writes it.
 *
 * @param id the cluster's identifier
 */
public record ClusterIdNode(String id) {
    /** {@return the node's data} */
    public byte[] encode() {
        return new JsonWriter().field("version", "1").field("id", id).bytes();
    }

    /** {@return the node that was read} */
    public static ClusterIdNode decode(byte[] data) {
        return new ClusterIdNode(JsonReader.readObject(data).stringAt("id"));
    }
}
