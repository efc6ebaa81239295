package io.odradek.core.coordination.node;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.core.coordination.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code /config/topics/T}, version 1 of its JSON; settings of other kinds below {@code /config} have the same form. This broker's own marks stand beside Kafka's settings in a field that
 * Kafka does not read, and are gone when Kafka or one of its tools writes the node.
 *
 * <p>The fields stand in the order of Kafka's hash table. Those that fall into one of its bins are in alphabetical order; with
 * Kafka they are in the order in which they were set.
 *
 * @param overrides what the topic overrides of the broker's defaults, by Kafka's names, and this broker's marks
 */
public record TopicConfigNode(SortedMap<String, String> overrides) {
    private static final String MARKS = "odradek";
    private static final String MARK_PREFIX = MARKS + ".";

    /** {@return the node's data} */
    public byte[] encode() {
        JsonWriter config = new JsonWriter();
        JsonWriter marks = new JsonWriter();
        boolean marked = false;
        List<String> names = new ArrayList<>(overrides.size());
        for (Map.Entry<String, String> entry : overrides.entrySet()) {
            if (entry.getKey().startsWith(MARK_PREFIX)) {
                marks.field(entry.getKey(), entry.getValue());
                marked = true;
            } else {
                names.add(entry.getKey());
            }
        }
        for (String name : HashOrder.ofJava(names)) {
            config.field(name, overrides.get(name));
        }
        JsonWriter node = new JsonWriter().field("version", 1).field("config", config);
        return (marked ? node.field(MARKS, marks) : node).bytes();
    }

    /** {@return the node that was read} */
    public static TopicConfigNode decode(byte[] data) {
        JsonObject node = JsonReader.readObject(data);
        SortedMap<String, String> overrides = new TreeMap<>();
        take(node.objectAt("config"), overrides);
        if (node.has(MARKS)) {
            take(node.objectAt(MARKS), overrides);
        }
        return new TopicConfigNode(overrides);
    }

    private static void take(JsonObject settings, SortedMap<String, String> overrides) {
        for (String name : settings.fields().keySet()) {
            overrides.put(name, settings.stringAt(name));
        }
    }
}
