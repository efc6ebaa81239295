package io.odradek.core.coordination.node;

import io.odradek.core.coordination.json.JsonReader;
import io.odradek.core.coordination.json.JsonWriter;

/**
 * {@code /log_dir_event_notification/log_dir_event_N}, version 1 of its JSON: a log folder of a broker has failed.
 *
 * @param brokerId the broker
 */
public record LogDirEventNode(int brokerId) {
    private static final int LOG_DIR_FAILURE = 1;

    /** {@return the node's data} */
    public byte[] encode() {
        return new JsonWriter()
                .field("version", 1)
                .field("broker", brokerId)
                .field("event", LOG_DIR_FAILURE)
                .bytes();
    }

    /** {@return the node that was read} */
    public static LogDirEventNode decode(byte[] data) {
        return new LogDirEventNode(JsonReader.readObject(data).intAt("broker"));
    }
}
