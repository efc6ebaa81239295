package io.odradek.core.controller;

import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A topic as its controller knows it; belongs to the controller's loop. */
final class ControlledTopic {
    private final String name;
    private final Uuid id;
    private SortedMap<String, String> config;
    private final SortedMap<Integer, ControlledPartition> partitions = new TreeMap<>();
    private final SortedSet<Integer> newPartitions = new TreeSet<>();
    private TopicInfo info;

    ControlledTopic(String name, Uuid id, SortedMap<String, String> config) {
        this.name = name;
        this.id = id;
        this.config = config;
    }

    String name() {
        return name;
    }

    Uuid id() {
        return id;
    }

    SortedMap<String, String> config() {
        return config;
    }

    /** Takes over what the topic overrides from now on. */
    void changeConfig(SortedMap<String, String> overrides) {
        config = overrides;
    }

    SortedMap<Integer, ControlledPartition> partitions() {
        return partitions;
    }

    /** {@return the topic as the metadata image shows it, null before its brokers have been told of it} */
    TopicInfo info() {
        return info;
    }

    /** Notes that a partition has come into being: until the topic is shown, its replicas have no logs. */
    void isNew(int partition) {
        newPartitions.add(partition);
    }

    /** Shows the topic in the metadata image as it is now, after its brokers have been told of it. */
    void show(ControllerContext context) {
        newPartitions.clear();
        List<PartitionInfo> infos = new ArrayList<>(partitions.size());
        for (Map.Entry<Integer, ControlledPartition> entry : partitions.entrySet()) {
            ControlledPartition partition = entry.getValue();
            TopicPartition tp = new TopicPartition(name, entry.getKey());
            infos.add(partition.info(context.failedReplicas(tp)));
        }
        info = new TopicInfo(name, id, List.copyOf(infos), config);
    }

    /** {@return whether a partition has lost its leader} */
    boolean hasLeaderless() {
        for (ControlledPartition partition : partitions.values()) {
            if (partition instanceof ControlledPartition.Assigned assigned
                    && assigned.state().leader() == LeaderElection.NO_LEADER) {
                return true;
            }
        }
        return false;
    }

    /** {@return every broker that has a replica} */
    SortedSet<Integer> brokers() {
        SortedSet<Integer> brokers = new TreeSet<>();
        for (ControlledPartition partition : partitions.values()) {
            brokers.addAll(partition.replicas());
        }
        return brokers;
    }

    /** {@return its partitions} */
    List<TopicPartition> allPartitions() {
        List<TopicPartition> all = new ArrayList<>(partitions.size());
        for (Integer partition : partitions.keySet()) {
            all.add(new TopicPartition(name, partition));
        }
        return all;
    }

    /** {@return the partitions with a replica on a broker} */
    List<TopicPartition> partitionsOn(int brokerId) {
        List<TopicPartition> on = new ArrayList<>();
        for (Map.Entry<Integer, ControlledPartition> entry : partitions.entrySet()) {
            if (entry.getValue().replicas().contains(brokerId)) {
                on.add(new TopicPartition(name, entry.getKey()));
            }
        }
        return on;
    }

    /** {@return what a broker is to be told of its replicas that have a state} */
    List<PartitionState> statesFor(int brokerId) {
        List<PartitionState> states = new ArrayList<>();
        for (Map.Entry<Integer, ControlledPartition> entry : partitions.entrySet()) {
            if (entry.getValue() instanceof ControlledPartition.Assigned assigned
                    && assigned.replicas().contains(brokerId)) {
                states.add(new PartitionState(
                        new TopicPartition(name, entry.getKey()),
                        id,
                        assigned.state().leader(),
                        assigned.state().leaderEpoch(),
                        assigned.state().isr(),
                        assigned.stateVersion(),
                        assigned.replicas(),
                        newPartitions.contains(entry.getKey())));
            }
        }
        return states;
    }
}
