package io.odradek.core.controller;

import io.odradek.core.coordination.node.BrokerNode;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the controller knows of the cluster; belongs to its loop. */
final class ControllerContext {
    private final int epoch;
    private final SortedMap<Integer, BrokerNode> liveBrokers = new TreeMap<>();
    private final SortedMap<String, ControlledTopic> topics = new TreeMap<>();
    private final MetricNames metricNames = new MetricNames();
    private final SortedSet<String> deleting = new TreeSet<>();
    private final SortedMap<Integer, SortedSet<TopicPartition>> failedReplicas = new TreeMap<>();

    /** @param epoch the controller epoch won by the election */
    ControllerContext(int epoch) {
        this.epoch = epoch;
    }

    int epoch() {
        return epoch;
    }

    SortedMap<Integer, BrokerNode> liveBrokers() {
        return liveBrokers;
    }

    /** {@return the topics by name, as they are} */
    SortedMap<String, ControlledTopic> topics() {
        return Collections.unmodifiableSortedMap(topics);
    }

    void add(ControlledTopic topic) {
        topics.put(topic.name(), topic);
        metricNames.add(topic.name());
    }

    void remove(ControlledTopic topic) {
        topics.remove(topic.name());
        metricNames.remove(topic.name());
    }

    /** {@return whether a topic is there to stay: neither gone, though another one may have its name, nor on its way out} */
    boolean stays(ControlledTopic topic) {
        return topics.get(topic.name()) == topic && !deleting.contains(topic.name());
    }

    /** {@return the names of the topics, and of those that are being created} */
    MetricNames metricNames() {
        return metricNames;
    }

    /** {@return the topics on their way out} */
    SortedSet<String> deleting() {
        return deleting;
    }

    /** Notes a replica that its broker cannot serve. */
    void replicaFailed(int brokerId, TopicPartition partition) {
        failedReplicas.computeIfAbsent(brokerId, any -> new TreeSet<>()).add(partition);
    }

    /** Gives a broker that has come back another chance with all of its replicas. */
    void forgetFailures(int brokerId) {
        failedReplicas.remove(brokerId);
    }

    /** Forgets what could not be served of a topic that is gone; one of its name may come. */
    void forgetFailures(ControlledTopic topic) {
        for (SortedSet<TopicPartition> failed : failedReplicas.values()) {
            failed.removeAll(topic.allPartitions());
        }
    }

    /** {@return the brokers that live but cannot serve their replica of a partition} */
    List<Integer> failedReplicas(TopicPartition partition) {
        List<Integer> brokers = List.of();
        for (Map.Entry<Integer, SortedSet<TopicPartition>> entry : failedReplicas.entrySet()) {
            if (entry.getValue().contains(partition)) {
                brokers = brokers.isEmpty() ? new ArrayList<>() : brokers;
                brokers.add(entry.getKey());
            }
        }
        return brokers;
    }

    /** {@return the brokers that can serve a partition, whether or not they have it} */
    SortedSet<Integer> usableFor(TopicPartition partition) {
        SortedSet<Integer> usable = new TreeSet<>(liveBrokers.keySet());
        for (Map.Entry<Integer, SortedSet<TopicPartition>> entry : failedReplicas.entrySet()) {
            if (entry.getValue().contains(partition)) {
                usable.remove(entry.getKey());
            }
        }
        return usable;
    }

    /** {@return the rack of each live broker, null for none} */
    SortedMap<Integer, String> racks() {
        SortedMap<Integer, String> racks = new TreeMap<>();
        for (Map.Entry<Integer, BrokerNode> entry : liveBrokers.entrySet()) {
            racks.put(entry.getKey(), entry.getValue().rack());
        }
        return racks;
    }

    /** {@return what the cluster's clients are to see} */
    MetadataImage image(String clusterId, int controllerId) {
        SortedMap<Integer, BrokerInfo> brokers = new TreeMap<>();
        for (Map.Entry<Integer, BrokerNode> entry : liveBrokers.entrySet()) {
            brokers.put(entry.getKey(), entry.getValue().info(entry.getKey()));
        }
        SortedMap<String, TopicInfo> infos = new TreeMap<>();
        Map<Uuid, String> names = new HashMap<>();
        for (ControlledTopic topic : topics.values()) {
            if (topic.info() != null && !deleting.contains(topic.name())) {
                infos.put(topic.name(), topic.info());
                names.put(topic.id(), topic.name());
            }
        }
        return new MetadataImage(clusterId, controllerId, brokers, infos, names);
    }
}
