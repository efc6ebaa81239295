package io.odradek.core.coordination.node;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.core.coordination.json.JsonWriter;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code /feature}, version 2 of its JSON (KIP-584): what all brokers of the cluster have agreed to use. Version 1, which names
 * the least level too, is read as well. In ZooKeeper mode Kafka 3.9 knows no feature: the node is there, and empty.
 *
 * @param enabled whether features are in use at all
 * @param maxLevels the level up to which each is used, by name
 */
public record FeatureNode(boolean enabled, SortedMap<String, Integer> maxLevels) {
    private static final String MAX_LEVEL = "max_version_level";

    /** What a cluster of 3.9 has. */
    public static FeatureNode none() {
        return new FeatureNode(true, new TreeMap<>());
    }

    /** {@return the node's data} */
    public byte[] encode() {
        JsonWriter features = new JsonWriter();
        for (Map.Entry<String, Integer> feature : maxLevels.entrySet()) {
            features.field(feature.getKey(), new JsonWriter().field(MAX_LEVEL, feature.getValue()));
        }
        return new JsonWriter()
                .field("features", features)
                .field("version", 2)
                .field("status", enabled ? 1 : 0)
                .bytes();
    }

    /** {@return the node that was read} */
    public static FeatureNode decode(byte[] data) {
        JsonObject json = JsonReader.readObject(data);
        SortedMap<String, Integer> maxLevels = new TreeMap<>();
        JsonObject features = json.objectAt("features");
        for (String name : features.fields().keySet()) {
            maxLevels.put(name, features.objectAt(name).intAt(MAX_LEVEL));
        }
        return new FeatureNode(json.intAt("status") == 1, maxLevels);
    }
}
