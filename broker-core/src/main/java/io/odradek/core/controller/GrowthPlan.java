package io.odradek.core.controller;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Where a topic's further partitions go: a pure decision, by Kafka's rules. */
final class GrowthPlan {
    private GrowthPlan() {}

    /**
     * Checks what is wanted and places the replicas.
     *
     * @param topic the topic as it is
     * @param brokers the live brokers
     * @return the broker ids of each new partition's replicas by partition, the preferred leader first
     * @throws ApiException INVALID_PARTITIONS, INVALID_REPLICA_ASSIGNMENT, INVALID_REPLICATION_FACTOR
     */
    static SortedMap<Integer, List<Integer>> of(TopicGrowth wanted, ControlledTopic topic, Brokers brokers) {
        int present = topic.partitions().size();
        if (present == 0 || topic.partitions().lastKey() != present - 1) {
            throw new ApiException(
                    ErrorCode.INVALID_PARTITIONS, "The topic's partitions are not numbered from 0 on without gaps");
        }
        if (wanted.partitions() <= present) {
            throw new ApiException(
                    ErrorCode.INVALID_PARTITIONS,
                    wanted.partitions() == present
                            ? "Topic already has " + present + " partitions."
                            : "Topic currently has " + present + " partitions, which is higher than the requested "
                                    + wanted.partitions() + ".");
        }
        int more = wanted.partitions() - present;
        List<Integer> first = topic.partitions().get(0).replicas();
        if (wanted.assignment() == null) {
            return placed(first, present, more, brokers);
        }
        if (wanted.assignment().size() != more) {
            throw new ApiException(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    more + " partitions are to be added, and "
                            + wanted.assignment().size() + " are assigned");
        }
        SortedMap<Integer, List<Integer>> assigned = new TreeMap<>();
        for (List<Integer> replicas : wanted.assignment()) {
            check(replicas, first.size(), brokers);
            assigned.put(present + assigned.size(), List.copyOf(replicas));
        }
        return assigned;
    }

    private static SortedMap<Integer, List<Integer>> placed(
            List<Integer> first, int present, int more, Brokers brokers) {
        if (first.size() > brokers.live().size()) {
            throw new ApiException(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "Replication factor " + first.size() + " is larger than the number of live brokers, "
                            + brokers.live().size());
        }
        return Placement.extend(brokers.racks(), first, present, more);
    }

    private static void check(List<Integer> replicas, int factor, Brokers brokers) {
        String fault = null;
        if (replicas.size() != factor) {
            fault = "has " + replicas.size() + " replicas, those that there are have " + factor;
        } else if (new TreeSet<>(replicas).size() != replicas.size()) {
            fault = "names a broker twice";
        } else if (!brokers.live().keySet().containsAll(replicas)) {
            fault = "names a broker that is not there; live are "
                    + Quoted.text(brokers.live().keySet().toString());
        }
        if (fault != null) {
            throw new ApiException(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    "Replica assignment " + Quoted.text(replicas.toString()) + " " + fault);
        }
    }
}
