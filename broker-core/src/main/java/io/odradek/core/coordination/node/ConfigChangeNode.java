package io.odradek.core.coordination.node;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.core.coordination.json.JsonWriter;

/**
 * {@code /config/changes/config_change_N}: says whose settings have changed. Version 2 of its JSON is written; version 1,
 * which names type and name apart, is read as well.
 *
 * @param entityPath the node below {@code /config} that has changed, such as {@code topics/T}
 */
public record ConfigChangeNode(String entityPath) {
    private static final String TOPICS = "topics/";
    private static final String BROKERS = "brokers/";

    /** {@return the topic that has changed, or null if it was something else} */
    public String topic() {
        return entityPath.startsWith(TOPICS) ? entityPath.substring(TOPICS.length()) : null;
    }

    /** {@return the broker whose settings have changed, or the name that stands for all, or null if it was something else} */
    public String broker() {
        return entityPath.startsWith(BROKERS) ? entityPath.substring(BROKERS.length()) : null;
    }

    /** {@return the node's data} */
    public byte[] encode() {
        return new JsonWriter()
                .field("version", 2)
                .field("entity_path", entityPath)
                .bytes();
    }

    /** {@return the node that was read} */
    public static ConfigChangeNode decode(byte[] data) {
        JsonObject json = JsonReader.readObject(data);
        return json.intAt("version") == 1
                ? new ConfigChangeNode(json.stringAt("entity_type") + "/" + json.stringAt("entity_name"))
                : new ConfigChangeNode(json.stringAt("entity_path"));
    }
}
