package io.odradek.core.controller;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What comes of the wish that replicas be elsewhere (KIP-455): a pure decision, by Kafka's rules.
 *
 * @param steps what is to be written first, by topic and partition
 * @param outcomes how it goes for each partition, if that can be written
 */
record MoveWishes(SortedMap<String, SortedMap<Integer, MoveStep>> steps, SortedMap<TopicPartition, Outcome> outcomes) {
    /** What is asked of a wish, each more than the one before. */
    enum Check {
        /** That such replicas can be at all: old tools asked for no more. */
        FORM,
        /** That the brokers that are to have a replica are live. */
        LIVE,
        /** That there are as many replicas as before (KIP-860). */
        SAME_COUNT
    }

    /**
     * Decides.
     *
     * @param wanted the replicas that each partition is to have; null to go back to those that it had before it moved
     * @param check what is asked of the replicas that are wanted
     */
    static MoveWishes of(
            ControllerState state,
            SortedMap<TopicPartition, List<Integer>> wanted,
            CreationLimits limits,
            Check check) {
        MoveWishes wishes = new MoveWishes(new TreeMap<>(), new TreeMap<>());
        long[] more = new long[1];
        wanted.forEach((id, replicas) -> {
            try {
                MoveStep step = step(state, id, replicas, check);
                if (step != null) {
                    int added = step.assignment().adding().size();
                    if (added > 0) {
                        limits.requireRoom(
                                state.replicas() + more[0],
                                added,
                                state.brokers().live().size());
                        more[0] += added;
                    }
                    wishes.steps
                            .computeIfAbsent(id.topic(), any -> new TreeMap<>())
                            .put(id.partition(), step);
                }
                wishes.outcomes.put(id, Outcome.DONE);
            } catch (ApiException e) {
                wishes.outcomes.put(id, new Outcome(e.error(), e.getMessage()));
            }
        });
        return wishes;
    }

    private static MoveStep step(ControllerState state, TopicPartition id, List<Integer> wanted, Check check) {
        ControlledTopic topic = state.staying(id.topic());
        Assignment now = topic != null && topic.partitions().containsKey(id.partition())
                ? topic.assignment(id.partition())
                : Assignment.settled(List.of());
        if (wanted != null) {
            check(wanted, now, check == Check.FORM ? null : state.brokers());
        } else if (!state.isUnderWay(id, now)) {
            throw new ApiException(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS, "No partition reassignment is in progress.");
        }
        if (now.replicas().isEmpty()) {
            throw new ApiException(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "The partition does not exist.");
        }
        int count = now.target().size();
        if (check == Check.SAME_COUNT && wanted != null && wanted.size() != count) {
            throw new ApiException(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "The replication factor is changed from " + count + " to " + wanted.size());
        }
        return MoveStep.towards(wanted == null ? now.origin() : wanted, topic, id.partition(), state);
    }

    private static void check(List<Integer> wanted, Assignment now, Brokers brokers) {
        String fault = null;
        if (wanted.isEmpty()) {
            fault = "Empty replica list specified in partition reassignment.";
        } else if (new HashSet<>(wanted).size() < wanted.size()) {
            fault = "Duplicate replica ids in partition reassignment replica list: " + Quoted.text(wanted.toString());
        } else if (wanted.stream().anyMatch(broker -> broker < 0)) {
            fault = "Invalid broker id in replica list: " + Quoted.text(wanted.toString());
        } else if (!Collections.disjoint(wanted, now.leaving())) {
            // Its old log may be in a folder that is offline: beside a new one it would keep the broker from its next
            // start.
            fault = "Of brokers " + now.leaving() + ", which have had a replica, one has yet to delete its log";
        } else if (brokers != null) {
            SortedSet<Integer> live = new TreeSet<>(brokers.live().keySet());
            live.removeAll(brokers.leaving());
            List<Integer> adding = now.towards(wanted).adding();
            if (!live.containsAll(adding)) {
                fault = "Replica assignment has brokers that are not alive. Replica list: "
                        + Quoted.text(adding.toString()) + ", live broker list: "
                        + Quoted.text(live.toString());
            }
        }
        if (fault != null) {
            throw new ApiException(ErrorCode.INVALID_REPLICA_ASSIGNMENT, fault);
        }
    }
}
