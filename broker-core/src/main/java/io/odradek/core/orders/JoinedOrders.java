package io.odradek.core.orders;

import io.odradek.core.controller.BrokerOrders.StoppedReplica;
import io.odradek.core.controller.MetadataUpdate;
import io.odradek.core.controller.MetadataUpdate.TopicUpdate;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Orders for one broker that wait to be given, made one: of each partition the last word stands. They are given as stops,
 * then leaders and followers, then metadata: what a topic deleted and made again needs, and clients are told of a leader
 * after it has become one. So however long a broker takes, what waits for it is bounded by what there is in the cluster.
 */
final class JoinedOrders {
    private final Map<TopicPartition, StoppedReplica> stops = new LinkedHashMap<>();
    private final Map<TopicPartition, PartitionState> states = new LinkedHashMap<>();
    private final Set<TopicPartition> neverBegun = new HashSet<>();
    private MetadataUpdate update;

    List<StoppedReplica> stops() {
        return List.copyOf(stops.values());
    }

    List<PartitionState> states() {
        return List.copyOf(states.values());
    }

    /** {@return what is new of the cluster, null for nothing} */
    MetadataUpdate update() {
        return update;
    }

    /** A replica that goes need not lead or follow before. */
    void addStops(List<StoppedReplica> more) {
        for (StoppedReplica stop : more) {
            states.remove(stop.id());
            if (stop.delete()) {
                neverBegun.remove(stop.id());
            }
            StoppedReplica before = stops.get(stop.id());
            boolean delete = stop.delete() || before != null && before.delete();
            stops.put(
                    stop.id(),
                    delete == stop.delete() ? stop : new StoppedReplica(stop.id(), stop.leaderEpoch(), delete));
        }
    }

    /** A replica that comes back need not stop before, unless its log is to go. */
    void addStates(List<PartitionState> more) {
        for (PartitionState state : more) {
            StoppedReplica stop = stops.get(state.id());
            if (stop != null && !stop.delete()) {
                stops.remove(state.id());
            }
            if (state.isNew()) {
                neverBegun.add(state.id());
            }
            states.put(state.id(), !state.isNew() && neverBegun.contains(state.id()) ? asNew(state) : state);
        }
    }

    private static PartitionState asNew(PartitionState state) {
        return new PartitionState(
                state.id(),
                state.topicId(),
                state.leader(),
                state.leaderEpoch(),
                state.isr(),
                state.partitionEpoch(),
                state.replicas(),
                true,
                state.recovering(),
                state.move());
    }

    void addUpdate(MetadataUpdate more) {
        update = update == null || more.whole() ? more : joined(update, more);
    }

    private static MetadataUpdate joined(MetadataUpdate first, MetadataUpdate then) {
        Set<TopicPartition> deleted = new LinkedHashSet<>(first.deleted());
        deleted.addAll(then.deleted());
        Map<String, TopicUpdate> topics = new LinkedHashMap<>();
        Set<TopicPartition> gone = Set.copyOf(then.deleted());
        for (TopicUpdate topic : first.topics()) {
            TopicUpdate left = without(topic, gone);
            if (!left.partitions().isEmpty()) {
                topics.put(topic.name(), left);
            }
        }
        for (TopicUpdate topic : then.topics()) {
            topics.merge(topic.name(), topic, JoinedOrders::joined);
        }
        return new MetadataUpdate(then.brokers(), List.copyOf(topics.values()), List.copyOf(deleted), first.whole());
    }

    private static TopicUpdate without(TopicUpdate topic, Set<TopicPartition> gone) {
        if (gone.isEmpty()) {
            return topic;
        }
        SortedMap<Integer, PartitionInfo> left = new TreeMap<>(topic.partitions());
        left.keySet().removeIf(index -> gone.contains(new TopicPartition(topic.name(), index)));
        return new TopicUpdate(topic.name(), topic.id(), left);
    }

    private static TopicUpdate joined(TopicUpdate first, TopicUpdate then) {
        if (!first.id().equals(then.id())) {
            return then;
        }
        SortedMap<Integer, PartitionInfo> partitions = new TreeMap<>(first.partitions());
        partitions.putAll(then.partitions());
        return new TopicUpdate(then.name(), then.id(), partitions);
    }

    /** {@return those of the failed partitions that somebody has asked about} */
    static List<TopicPartition> among(List<TopicPartition> failed, Set<TopicPartition> asked) {
        List<TopicPartition> among = new ArrayList<>();
        for (TopicPartition id : failed) {
            if (asked.contains(id)) {
                among.add(id);
            }
        }
        return among;
    }
}
