package io.odradek.server.tools.reassignment;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.server.json.Json;
import io.odradek.server.tools.JsonFile;
import io.odradek.server.tools.TopicPartitions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;

/**
 * Where replicas are to be, as a file says it that Kafka's tool reads and writes, too:
 * {@code {"version":1,"partitions":[{"topic":"t","partition":0,"replicas":[1,2],"log_dirs":["any","/data"]}]}}.
 *
 * @param replicas the brokers of each partition, the preferred leader first
 * @param folders the log folders of replicas for which one is named
 */
record Reassignment(
        SortedMap<TopicPartition, List<Integer>> replicas, SortedMap<TopicPartitionReplica, String> folders) {
    /** By broker, then by partition. */
    static final Comparator<TopicPartitionReplica> IN_ORDER = Comparator.comparingInt(TopicPartitionReplica::brokerId)
            .thenComparing(TopicPartitionReplica::topic)
            .thenComparingInt(TopicPartitionReplica::partition);

    private static final String ANY_FOLDER = "any";

    /**
     * {@return what a file says}
     *
     * @throws io.odradek.server.tools.ToolException if it cannot be meant
     */
    static Reassignment read(String file) {
        return JsonFile.read(file, Reassignment::of);
    }

    /** {@return only where the replicas are to be, in any folders} */
    static Reassignment of(Map<TopicPartition, List<Integer>> replicas) {
        SortedMap<TopicPartition, List<Integer>> sorted = new TreeMap<>(TopicPartitions.IN_ORDER);
        sorted.putAll(replicas);
        return new Reassignment(sorted, new TreeMap<>(IN_ORDER));
    }

    private static Reassignment of(JsonObject object) {
        Reassignment read = of(Map.of());
        for (JsonObject each : object.objectsAt("partitions")) {
            read.add(each);
        }
        if (read.replicas.isEmpty()) {
            throw new IllegalArgumentException("it names no partitions");
        }
        return read;
    }

    private void add(JsonObject object) {
        TopicPartition partition = new TopicPartition(object.stringAt("topic"), object.intAt("partition"));
        List<Integer> brokers = object.intsAt("replicas");
        if (brokers.isEmpty()) {
            throw new IllegalArgumentException("it names no replicas of " + partition);
        }
        if (new HashSet<>(brokers).size() < brokers.size()) {
            throw new IllegalArgumentException("it names a replica of " + partition + " twice");
        }
        if (replicas.put(partition, brokers) != null) {
            throw new IllegalArgumentException("it names " + partition + " twice");
        }
        if (!object.has("log_dirs")) {
            return;
        }
        List<String> named = object.stringsAt("log_dirs");
        if (named.size() != brokers.size()) {
            throw new IllegalArgumentException("it names " + brokers.size() + " replicas of " + partition + " and "
                    + named.size() + " folders for them");
        }
        for (int i = 0; i < named.size(); i++) {
            if (!named.get(i).equals(ANY_FOLDER)) {
                folders.put(
                        new TopicPartitionReplica(partition.topic(), partition.partition(), brokers.get(i)),
                        named.get(i));
            }
        }
    }

    /** {@return it as such a file has it} */
    Map<String, Object> object() {
        List<Object> partitions = new ArrayList<>();
        replicas.forEach((partition, brokers) -> partitions.add(Json.object(
                "topic",
                partition.topic(),
                "partition",
                partition.partition(),
                "replicas",
                brokers,
                "log_dirs",
                brokers.stream().map(broker -> folder(partition, broker)).toList())));
        return Json.object("version", 1, "partitions", partitions);
    }

    private String folder(TopicPartition partition, int broker) {
        return folders.getOrDefault(
                new TopicPartitionReplica(partition.topic(), partition.partition(), broker), ANY_FOLDER);
    }
}
