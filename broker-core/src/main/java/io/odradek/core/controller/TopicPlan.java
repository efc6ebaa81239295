package io.odradek.core.controller;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import io.odradek.storage.env.Randoms;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogSetting;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A topic that may be created as it stands here.
 *
 * @param name its name
 * @param replicas the broker ids of each partition's replicas, the preferred leader first
 * @param config what it overrides of the broker's defaults
 */
record TopicPlan(String name, SortedMap<Integer, List<Integer>> replicas, SortedMap<String, String> config) {
    private static final String MIN_IN_SYNC = "min.insync.replicas";

    int partitions() {
        return replicas.size();
    }

    short replicationFactor() {
        return (short) replicas.get(0).size();
    }

    /**
     * Checks what is wanted against Kafka's rules and places its replicas.
     *
     * @param racks the racks of the live brokers by broker id
     * @throws ApiException INVALID_TOPIC_EXCEPTION, INVALID_REQUEST, INVALID_PARTITIONS, INVALID_REPLICATION_FACTOR,
     *     INVALID_REPLICA_ASSIGNMENT, INVALID_CONFIG, POLICY_VIOLATION
     */
    static TopicPlan of(
            NewTopic wanted, ControllerSettings settings, SortedMap<Integer, String> racks, Randoms randoms) {
        TopicNames.check(wanted.name());
        SortedMap<String, String> config = checkedConfig(wanted.config(), settings);
        if (!wanted.assignment().isEmpty()) {
            checkAssignment(wanted, racks.keySet());
            return new TopicPlan(wanted.name(), wanted.assignment(), config);
        }
        int partitions = wanted.partitions() == -1 ? settings.defaultPartitions() : wanted.partitions();
        int factor =
                wanted.replicationFactor() == -1 ? settings.defaultReplicationFactor() : wanted.replicationFactor();
        if (settings.limits().clampsReplicas() && factor > racks.size()) {
            factor = Math.max(1, racks.size());
            clampInSync(config, factor);
        }
        checkCounts(partitions, factor, racks.size());
        return new TopicPlan(wanted.name(), Placement.assign(racks, partitions, factor, randoms), config);
    }

    /** More replicas in sync than there are would let nobody write. */
    private static void clampInSync(SortedMap<String, String> config, int factor) {
        config.computeIfPresent(
                MIN_IN_SYNC, (name, wanted) -> Integer.toString(Math.min(factor, Integer.parseInt(wanted.strip()))));
    }

    private static void checkCounts(int partitions, int factor, int brokers) {
        if (partitions <= 0) {
            throw new ApiException(ErrorCode.INVALID_PARTITIONS, "A topic has at least 1 partition, not " + partitions);
        }
        if (factor <= 0) {
            throw new ApiException(
                    ErrorCode.INVALID_REPLICATION_FACTOR, "The replication factor is at least 1, not " + factor);
        }
        if (factor > brokers) {
            throw new ApiException(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "Replication factor " + factor + " is larger than the number of live brokers, " + brokers);
        }
    }

    private static SortedMap<String, String> checkedConfig(Map<String, String> config, ControllerSettings settings) {
        SortedMap<String, String> checked = new TreeMap<>();
        for (Map.Entry<String, String> entry : config.entrySet()) {
            if (entry.getValue() == null) {
                throw new ApiException(
                        ErrorCode.INVALID_CONFIG, "Topic setting " + Quoted.text(entry.getKey()) + " has no value");
            }
            if (entry.getKey().equals(LogSetting.UNCONFIRMED)) {
                throw new ApiException(ErrorCode.INVALID_CONFIG, entry.getKey() + " is set by the broker only");
            }
            checked.put(entry.getKey(), entry.getValue());
        }
        LogConfig.of(settings.logDefaults().get(), checked);
        return checked;
    }

    private static void checkAssignment(NewTopic wanted, Set<Integer> liveBrokers) {
        if (wanted.partitions() != -1 || wanted.replicationFactor() != -1) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    "With a replica assignment, the number of partitions and the replication factor must both be -1");
        }
        int factor = wanted.assignment().get(wanted.assignment().firstKey()).size();
        int expected = 0;
        for (Map.Entry<Integer, List<Integer>> entry : wanted.assignment().entrySet()) {
            List<Integer> replicas = entry.getValue();
            SortedSet<Integer> distinct = new TreeSet<>(replicas);
            String fault = null;
            if (entry.getKey() != expected++) {
                fault = "the partitions are not numbered from 0 without a gap";
            } else if (replicas.isEmpty() || replicas.size() != factor) {
                fault = "partition " + entry.getKey() + " has " + replicas.size() + " replicas, the first one "
                        + factor;
            } else if (distinct.size() != replicas.size()) {
                fault = "partition " + entry.getKey() + " names a broker twice: " + Quoted.text(replicas.toString());
            } else if (!liveBrokers.containsAll(distinct)) {
                fault = "partition " + entry.getKey() + " names brokers " + Quoted.text(replicas.toString())
                        + ", live are " + Quoted.text(liveBrokers.toString());
            }
            if (fault != null) {
                throw new ApiException(ErrorCode.INVALID_REPLICA_ASSIGNMENT, "Replica assignment: " + fault);
            }
        }
    }
}
