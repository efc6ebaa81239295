package io.odradek.core.controller;

import io.odradek.core.controller.MetadataUpdate.TopicUpdate;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.partition.LocalReplicas.Move;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What brokers are to be told of what a controller knows: pure decisions. */
final class Orders {
    private Orders() {}

    /**
     * {@return what each live broker is to be told of partitions that are new or have another leader: all who have a replica,
     * those but for whom it is on a failed disk}
     */
    static SortedMap<Integer, List<PartitionState>> leaderAndIsr(
            ControllerState state, Collection<TopicPartition> changed) {
        SortedMap<Integer, List<PartitionState>> orders = new TreeMap<>();
        for (TopicPartition id : changed) {
            ControlledPartition.Assigned partition = state.assigned(id);
            if (partition != null) {
                PartitionState order = order(state, id, partition, false);
                for (Integer replica : partition.replicas()) {
                    if (state.brokers().serve(replica, id)) {
                        orders.computeIfAbsent(replica, any -> new ArrayList<>())
                                .add(comes(state, id, partition, replica) ? order(state, id, partition, true) : order);
                    }
                }
            }
        }
        return orders;
    }

    /** {@return all that a broker is to lead and to follow, but for what it has on failed disks} */
    static List<PartitionState> leaderAndIsr(ControllerState state, int brokerId) {
        List<PartitionState> orders = new ArrayList<>();
        for (ControlledTopic topic : state.staying()) {
            for (TopicPartition id : topic.partitionsOn(brokerId)) {
                if (topic.partitions().get(id.partition()) instanceof ControlledPartition.Assigned partition
                        && state.brokers().serve(brokerId, id)) {
                    orders.add(order(state, id, partition, comes(state, id, partition, brokerId)));
                }
            }
        }
        return orders;
    }

    /** {@return what a broker is to lead and to follow and could not serve} */
    static List<PartitionState> failed(ControllerState state, int brokerId) {
        List<PartitionState> orders = new ArrayList<>();
        for (TopicPartition id : state.brokers().failed().getOrDefault(brokerId, Collections.emptySortedSet())) {
            ControlledPartition.Assigned partition = state.assigned(id);
            if (partition != null && partition.replicas().contains(brokerId)) {
                orders.add(order(state, id, partition, comes(state, id, partition, brokerId)));
            }
        }
        return orders;
    }

    /** {@return all of the cluster, for a broker that knows nothing of it} */
    static MetadataUpdate metadata(ControllerState state) {
        List<TopicUpdate> topics = new ArrayList<>();
        for (ControlledTopic topic : state.staying()) {
            add(topics, state, topic, topic.allPartitions());
        }
        return new MetadataUpdate(state.brokers().live(), topics, List.of(), true);
    }

    /** {@return what has changed of the cluster} */
    static MetadataUpdate metadata(
            ControllerState state, Collection<TopicPartition> changed, Collection<TopicPartition> deleted) {
        SortedMap<String, List<TopicPartition>> byTopic = new TreeMap<>();
        for (TopicPartition id : changed) {
            byTopic.computeIfAbsent(id.topic(), any -> new ArrayList<>()).add(id);
        }
        List<TopicUpdate> topics = new ArrayList<>();
        for (Map.Entry<String, List<TopicPartition>> entry : byTopic.entrySet()) {
            ControlledTopic topic = state.staying(entry.getKey());
            if (topic != null) {
                add(topics, state, topic, entry.getValue());
            }
        }
        return new MetadataUpdate(state.brokers().live(), topics, List.copyOf(deleted));
    }

    private static void add(
            List<TopicUpdate> topics, ControllerState state, ControlledTopic topic, List<TopicPartition> some) {
        SortedMap<Integer, PartitionInfo> infos = new TreeMap<>();
        for (TopicPartition id : some) {
            ControlledPartition partition = topic.partitions().get(id.partition());
            if (partition != null && !state.isNew(id)) {
                infos.put(id.partition(), partition.info(state.brokers().failedReplicas(id)));
            }
        }
        if (!infos.isEmpty()) {
            topics.add(new TopicUpdate(topic.name(), topic.id(), infos));
        }
    }

    /** {@return whether a broker is to have a replica that it has never had} */
    private static boolean comes(
            ControllerState state, TopicPartition id, ControlledPartition.Assigned partition, int replica) {
        Assignment moving = state.topics().get(id.topic()).moving().get(id.partition());
        return moving != null
                && moving.adding().contains(replica)
                && !partition.state().isr().contains(replica);
    }

    private static PartitionState order(
            ControllerState state, TopicPartition id, ControlledPartition.Assigned partition, boolean comes) {
        return new PartitionState(
                id,
                state.topics().get(id.topic()).id(),
                partition.state().leader(),
                partition.state().leaderEpoch(),
                partition.state().isr(),
                partition.stateVersion(),
                partition.replicas(),
                comes || state.isNew(id),
                partition.state().recovering(),
                move(state.topics().get(id.topic()).moving().get(id.partition())));
    }

    /** Of those who have yet to delete their logs the others know nothing: they are none of the replicas any more. */
    private static Move move(Assignment assignment) {
        return assignment == null || !assignment.isMoving() ? null : new Move(assignment.adding(), assignment.going());
    }
}
