package io.odradek.server.tools.reassignment;

import io.odradek.core.controller.Placement;
import io.odradek.server.json.Json;
import io.odradek.server.tools.Brokers;
import io.odradek.server.tools.ToolException;
import io.odradek.storage.env.Randoms;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;

/**
 * Proposes where replicas of topics could be on some brokers: where a new topic's would be placed.
 *
 * @param randoms for where a round of the brokers begins
 */
record Proposal(Replicas replicas, Randoms randoms) {
    /**
     * Tells where replicas are, and where they could be.
     *
     * @param brokers those that may have them
     * @param known all brokers that are up
     * @param rackAware whether replicas of a partition go to different racks
     * @throws ToolException if there are too few brokers, or only some have racks
     */
    void print(
            Collection<String> topics,
            Collection<Integer> brokers,
            Map<Integer, Node> known,
            boolean rackAware,
            Report report)
            throws Exception {
        Brokers.require(brokers, known.keySet());
        SortedMap<TopicPartition, List<Integer>> current = replicas.ofTopics(topics);
        SortedMap<Integer, String> racks = new TreeMap<>();
        brokers.forEach(id -> racks.put(id, rackAware ? known.get(id).rack() : null));
        if (racks.containsValue(null) && racks.values().stream().anyMatch(rack -> rack != null)) {
            throw new ToolException("Not all of the brokers have a rack; --disable-rack-aware places replicas without");
        }
        Map<String, Object> before = Reassignment.of(current).object();
        Map<String, Object> after = Reassignment.of(proposed(current, racks)).object();
        report.object("current", before, "proposed", after);
        report.text("Current partition replica assignment\n" + Json.text(before) + "\n");
        report.text("Proposed partition reassignment configuration\n" + Json.text(after));
    }

    private Map<TopicPartition, List<Integer>> proposed(
            SortedMap<TopicPartition, List<Integer>> current, SortedMap<Integer, String> racks) {
        Map<String, Integer> partitions = new TreeMap<>();
        current.keySet().forEach(each -> partitions.merge(each.topic(), 1, Integer::sum));
        Map<TopicPartition, List<Integer>> proposed = new HashMap<>();
        partitions.forEach((topic, count) -> {
            int replicationFactor = current.get(new TopicPartition(topic, 0)).size();
            if (replicationFactor > racks.size()) {
                throw new ToolException("Topic " + topic + " has " + replicationFactor + " replicas: that needs "
                        + replicationFactor + " brokers, and --broker-list names " + racks.size());
            }
            Placement.assign(racks, count, replicationFactor, randoms)
                    .forEach((partition, brokers) -> proposed.put(new TopicPartition(topic, partition), brokers));
        });
        return proposed;
    }
}
