package io.odradek.core.coordination.node;

import io.odradek.core.coordination.json.JsonReader;
import io.odradek.core.coordination.json.JsonWriter;

/**
 * {@code /controller}, version 2 of its JSON.
 *
 * @param brokerId the controller's broker id
 * @param timestampMs when it was elected
 */
public record ControllerNode(int brokerId, long timestampMs) {
    /** {@return the node's data} */
    public byte[] encode() {
        return new JsonWriter()
                .field("version", 2)
                .field("brokerid", brokerId)
                .field("timestamp", Long.toString(timestampMs))
                .field("kraftControllerEpoch", -1)
                .bytes();
    }

    /** {@return the node that was read} */
    public static ControllerNode decode(byte[] data) {
        var json = JsonReader.readObject(data);
        return new ControllerNode(json.intAt("brokerid"), json.has("timestamp") ? json.longAt("timestamp") : -1);
    }
}
