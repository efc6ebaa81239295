package io.odradek.core.controller;

import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an elected controller knows of the cluster: what is in the tree, and which brokers can serve it. Decisions only read
 * it; it is changed when what was decided has been written. Belongs to the controller's loop.
 */
final class ControllerState {
    private final int epoch;
    private Elections elections;
    private Brokers brokers = Brokers.NONE;
    private final SortedMap<String, ControlledTopic> topics = new TreeMap<>();
    private long replicas;
    private final Map<Uuid, String> names = new HashMap<>();
    private final MetricNames metricNames = new MetricNames();
    private final SortedMap<String, Deletion> deletions = new TreeMap<>();
    private final SortedMap<String, SortedSet<Integer>> beginning = new TreeMap<>();
    private final SortedSet<String> moving = new TreeSet<>();
    private final SortedMap<Integer, SortedSet<TopicPartition>> undeleted = new TreeMap<>();

    /**
     * @param epoch the controller epoch won by the election
     * @param uncleanByDefault {@code unclean.leader.election.enable} of topics that do not override it
     */
    ControllerState(int epoch, boolean uncleanByDefault) {
        this.epoch = epoch;
        this.elections = new Elections(epoch, uncleanByDefault);
    }

    int epoch() {
        return epoch;
    }

    /** {@return how leaders are elected in this office} */
    Elections elections() {
        return elections;
    }

    void uncleanByDefault(boolean unclean) {
        elections = new Elections(epoch, unclean);
    }

    Brokers brokers() {
        return brokers;
    }

    void brokers(Brokers now) {
        brokers = now;
    }

    /** {@return all topics by name, those that are on their way out among them} */
    SortedMap<String, ControlledTopic> topics() {
        return Collections.unmodifiableSortedMap(topics);
    }

    /** {@return the topics that are not on their way out} */
    List<ControlledTopic> staying() {
        List<ControlledTopic> staying = new ArrayList<>(topics.size());
        for (ControlledTopic topic : topics.values()) {
            if (!deletions.containsKey(topic.name())) {
                staying.add(topic);
            }
        }
        return staying;
    }

    /** {@return a topic that is not on its way out, or null} */
    ControlledTopic staying(String name) {
        return deletions.containsKey(name) ? null : topics.get(name);
    }

    /** {@return the name of the topic with an identifier, or null} */
    String name(Uuid topicId) {
        return names.get(topicId);
    }

    /** {@return a partition of a topic that is not on its way out, or null if there is none or it has no state} */
    ControlledPartition.Assigned assigned(TopicPartition id) {
        ControlledTopic topic = staying(id.topic());
        return topic != null && topic.partitions().get(id.partition()) instanceof ControlledPartition.Assigned assigned
                ? assigned
                : null;
    }

    /** {@return the names of the topics with replicas that come or go, or logs that are yet to be deleted} */
    SortedSet<String> moving() {
        return moving;
    }

    /** {@return whether live brokers can do what is to be done about a partition's assignment} */
    boolean isUnderWay(TopicPartition id, Assignment assignment) {
        SortedSet<Integer> able = new TreeSet<>(brokers.live().keySet());
        able.removeIf(
                broker -> undeleted.containsKey(broker) && undeleted.get(broker).contains(id));
        return assignment.isUnderWay(able);
    }

    /** A broker cannot delete a log; its disk may be offline. */
    void cannotDelete(int broker, TopicPartition id) {
        undeleted.computeIfAbsent(broker, any -> new TreeSet<>()).add(id);
    }

    /** Brokers have come, perhaps with other disks. */
    void mayDeleteAgain(Collection<Integer> come) {
        undeleted.keySet().removeAll(come);
    }

    /** {@return how many replicas all topics have} */
    long replicas() {
        return replicas;
    }

    private static long replicas(ControlledTopic topic) {
        long sum = 0;
        if (topic != null) {
            for (ControlledPartition partition : topic.partitions().values()) {
                sum += partition.replicas().size();
            }
        }
        return sum;
    }

    /** {@return the names of the topics as metrics show them} */
    MetricNames metricNames() {
        return metricNames;
    }

    /** Takes over a topic as it is now. */
    void put(ControlledTopic topic) {
        replicas += replicas(topic) - replicas(topics.put(topic.name(), topic));
        names.put(topic.id(), topic.name());
        metricNames.add(topic.name());
        if (topic.moving().isEmpty()) {
            moving.remove(topic.name());
        } else {
            moving.add(topic.name());
        }
    }

    /** Takes over states that have been written over those that are known. */
    void changed(SortedMap<TopicPartition, PartitionStateNode> states) {
        SortedMap<String, SortedMap<Integer, ControlledPartition>> byTopic = new TreeMap<>();
        states.forEach((id, state) -> {
            ControlledPartition.Assigned before = assigned(id);
            byTopic.computeIfAbsent(id.topic(), any -> new TreeMap<>())
                    .put(
                            id.partition(),
                            new ControlledPartition.Assigned(before.replicas(), state, before.stateVersion() + 1));
        });
        byTopic.forEach((name, partitions) -> put(topics.get(name).with(partitions)));
    }

    /** {@return the topics on their way out} */
    SortedMap<String, Deletion> deletions() {
        return deletions;
    }

    /** Forgets a topic of which nothing is left. */
    void remove(String name) {
        ControlledTopic topic = topics.remove(name);
        replicas -= replicas(topic);
        names.remove(topic.id());
        undeleted.values().forEach(partitions -> partitions.removeAll(topic.allPartitions()));
        metricNames.remove(name);
        deletions.remove(name);
        beginning.remove(name);
        moving.remove(name);
        brokers = brokers.withoutFailed(topic.allPartitions());
    }

    /** Partitions have come into being: until they are shown, their replicas have no logs. */
    void begin(String topic, Collection<Integer> partitions) {
        beginning.computeIfAbsent(topic, any -> new TreeSet<>()).addAll(partitions);
    }

    /** Those who lead a topic's new partitions serve them. {@return these partitions} */
    SortedSet<Integer> show(String topic) {
        SortedSet<Integer> shown = beginning.remove(topic);
        return shown == null ? new TreeSet<>() : shown;
    }

    /** {@return whether a partition has come into being and is not shown to anybody yet} */
    boolean isNew(TopicPartition id) {
        SortedSet<Integer> partitions = beginning.get(id.topic());
        return partitions != null && partitions.contains(id.partition());
    }
}
