package io.odradek.core.controller;

import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What comes of the wish for other leaders: a pure decision.
 *
 * @param next the next states of the partitions that get another leader
 * @param refused why the others do not
 */
record LeaderWishes(SortedMap<TopicPartition, PartitionStateNode> next, SortedMap<TopicPartition, Outcome> refused) {
    /**
     * Decides on elections that somebody asks for (KIP-460).
     *
     * @param wanted the partitions, null for all
     */
    static LeaderWishes of(ControllerState state, ElectionType type, Collection<TopicPartition> wanted) {
        LeaderWishes wishes = new LeaderWishes(new TreeMap<>(), new TreeMap<>());
        for (TopicPartition id : wanted == null ? all(state) : new TreeSet<>(wanted)) {
            ControlledPartition.Assigned partition = state.assigned(id);
            if (state.deletions().containsKey(id.topic())) {
                wishes.refuse(id, ErrorCode.INVALID_TOPIC_EXCEPTION, "The topic is being deleted");
            } else if (partition == null && !exists(state, id)) {
                wishes.refuse(id, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "The partition does not exist.");
            } else if (partition == null) {
                wishes.refuse(id, unavailable(type), "None of the partition's replicas has been there yet.");
            } else if (type == ElectionType.PREFERRED) {
                wishes.preferred(state, id, partition);
            } else {
                wishes.unclean(state, id, partition);
            }
        }
        return wishes;
    }

    private void preferred(ControllerState state, TopicPartition id, ControlledPartition.Assigned partition) {
        if (partition.state().leader() == partition.replicas().get(0)) {
            refuse(id, ErrorCode.ELECTION_NOT_NEEDED, "Leader election not needed for topic partition.");
        } else if (state.elections().preferredCanLead(id, partition, state.brokers())) {
            next.put(id, state.elections().preferred(partition));
        } else {
            refuse(
                    id,
                    ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE,
                    "The preferred leader, broker " + partition.replicas().get(0) + ", is not live or not in sync.");
        }
    }

    private void unclean(ControllerState state, TopicPartition id, ControlledPartition.Assigned partition) {
        int leader = partition.state().leader();
        if (leader != LeaderElection.NO_LEADER && state.brokers().serve(leader, id)) {
            refuse(id, ErrorCode.ELECTION_NOT_NEEDED, "Leader election not needed for topic partition.");
            return;
        }
        PartitionStateNode elected = state.elections().needed(id, partition, state.brokers(), true);
        if (elected != null && elected.leader() != LeaderElection.NO_LEADER) {
            next.put(id, elected);
        } else {
            refuse(id, ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE, "No replica is live that could lead.");
        }
    }

    private void refuse(TopicPartition id, ErrorCode error, String message) {
        refused.put(id, new Outcome(error, message));
    }

    /**
     * {@return the partitions to give back to their preferred leaders: those of brokers for which more than so many percent
     * of what they are to lead is led elsewhere, though they could; none while any replica comes or goes, as with Kafka: the
     * first of a partition's replicas may be one that has just begun to copy}
     */
    static SortedMap<TopicPartition, PartitionStateNode> balance(ControllerState state, int mostPercent) {
        if (movesAny(state)) {
            return new TreeMap<>();
        }
        SortedMap<Integer, List<TopicPartition>> led = new TreeMap<>();
        SortedMap<Integer, List<TopicPartition>> elsewhere = new TreeMap<>();
        for (TopicPartition id : all(state)) {
            ControlledPartition.Assigned partition = state.assigned(id);
            if (partition != null) {
                int preferred = partition.replicas().get(0);
                List<TopicPartition> lost = elsewhere.computeIfAbsent(preferred, any -> new ArrayList<>());
                led.computeIfAbsent(preferred, any -> new ArrayList<>()).add(id);
                if (partition.state().leader() != preferred) {
                    lost.add(id);
                }
            }
        }
        SortedMap<TopicPartition, PartitionStateNode> next = new TreeMap<>();
        elsewhere.forEach((broker, lost) -> {
            if (100L * lost.size() > (long) mostPercent * led.get(broker).size()) {
                for (TopicPartition id : lost) {
                    ControlledPartition.Assigned partition = state.assigned(id);
                    if (state.elections().preferredCanLead(id, partition, state.brokers())) {
                        next.put(id, state.elections().preferred(partition));
                    }
                }
            }
        });
        return next;
    }

    private static boolean movesAny(ControllerState state) {
        for (String name : state.moving()) {
            ControlledTopic topic = state.staying(name);
            if (topic != null && topic.moving().values().stream().anyMatch(Assignment::isMoving)) {
                return true;
            }
        }
        return false;
    }

    private static SortedSet<TopicPartition> all(ControllerState state) {
        SortedSet<TopicPartition> all = new TreeSet<>();
        for (ControlledTopic topic : state.staying()) {
            all.addAll(topic.allPartitions());
        }
        return all;
    }

    private static boolean exists(ControllerState state, TopicPartition id) {
        ControlledTopic topic = state.staying(id.topic());
        return topic != null && topic.partitions().containsKey(id.partition());
    }

    private static ErrorCode unavailable(ElectionType type) {
        return type == ElectionType.PREFERRED
                ? ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE
                : ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE;
    }
}
