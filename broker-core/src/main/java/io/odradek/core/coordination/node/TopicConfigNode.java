package io.odradek.core.coordination.node;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.core.coordination.json.JsonWriter;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code /config/topics/T}, version 1 of its JSON.
 *
 * @param overrides what the topic overrides of the broker's defaults, by Kafka's names
 */
public record TopicConfigNode(SortedMap<String, String> overrides) {
    /** {@return the node's data} */
    public byte[] encode() {
        JsonWriter config = new JsonWriter();
        for (Map.Entry<String, String> entry : overrides.entrySet()) {
            config.field(entry.getKey(), entry.getValue());
        }
        return new JsonWriter().field("version", 1).field("config", config).bytes();
    }

    /** {@return the node that was read} */
    public static TopicConfigNode decode(byte[] data) {
        JsonObject config = JsonReader.readObject(data).objectAt("config");
        SortedMap<String, String> overrides = new TreeMap<>();
        for (String name : config.fields().keySet()) {
            overrides.put(name, config.stringAt(name));
        }
        return new TopicConfigNode(overrides);
    }
}
