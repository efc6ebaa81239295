package io.odradek.core.coordination.node;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.core.coordination.json.JsonWriter;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code /brokers/topics/T}, version 3 of its JSON; the older ones, without an identifier or without reassignments, are
 * read too.
 *
 * @param topicId the topic's identifier, {@link Uuid#ZERO} if the node has none
 * @param replicas the broker ids of each partition's replicas, the preferred leader first, by partition
 * @param adding replicas being added, by partition
 * @param removing replicas being removed, by partition
 */
public record TopicNode(
        Uuid topicId,
        SortedMap<Integer, List<Integer>> replicas,
        SortedMap<Integer, List<Integer>> adding,
        SortedMap<Integer, List<Integer>> removing) {
    /** A topic whose replicas stay where they are. */
    public TopicNode(Uuid topicId, SortedMap<Integer, List<Integer>> replicas) {
        this(topicId, replicas, new TreeMap<>(), new TreeMap<>());
    }

    /** {@return the node's data} */
    public byte[] encode() {
        return new JsonWriter()
                .field("partitions", write(replicas))
                .field("topic_id", topicId.toString())
                .field("adding_replicas", write(adding))
                .field("removing_replicas", write(removing))
                .field("version", 3)
                .bytes();
    }

    /** {@return the node that was read} */
    public static TopicNode decode(byte[] data) {
        JsonObject json = JsonReader.readObject(data);
        Uuid topicId = json.has("topic_id") ? Uuid.parse(json.stringAt("topic_id")) : Uuid.ZERO;
        return new TopicNode(
                topicId, read(json, "partitions"), read(json, "adding_replicas"), read(json, "removing_replicas"));
    }

    private static JsonWriter write(SortedMap<Integer, List<Integer>> replicas) {
        JsonWriter json = new JsonWriter();
        List<String> partitions = new ArrayList<>(replicas.size());
        for (Integer partition : replicas.keySet()) {
            partitions.add(partition.toString());
        }
        for (String partition : HashOrder.ofScala(partitions)) {
            json.ints(partition, replicas.get(Integer.valueOf(partition)));
        }
        return json;
    }

    private static SortedMap<Integer, List<Integer>> read(JsonObject json, String name) {
        SortedMap<Integer, List<Integer>> replicas = new TreeMap<>();
        if (json.has(name)) {
            JsonObject byPartition = json.objectAt(name);
            for (String partition : byPartition.fields().keySet()) {
                replicas.put(Integer.valueOf(partition), byPartition.intsAt(partition));
            }
        }
        return replicas;
    }
}
