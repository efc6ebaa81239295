package io.odradek.server.tools.reassignment;

import io.odradek.server.tools.TopicPartitions;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.common.TopicPartition;

/**
 * Which brokers copy a partition, and from which it may be copied: what is held up by a throttle.
 *
 * @param sources brokers that have it
 * @param destinations brokers that get it
 */
record PartitionMove(SortedSet<Integer> sources, SortedSet<Integer> destinations) {
    /**
     * {@return the moves that will be under way when others begin}
     *
     * @param underWay those that are
     * @param wanted where partitions are to be
     * @param current where those are now
     */
    static SortedMap<TopicPartition, PartitionMove> all(
            Map<TopicPartition, PartitionReassignment> underWay,
            Map<TopicPartition, List<Integer>> wanted,
            Map<TopicPartition, List<Integer>> current) {
        SortedMap<TopicPartition, PartitionMove> moves = new TreeMap<>(TopicPartitions.IN_ORDER);
        underWay.forEach((partition, move) ->
                moves.put(partition, of(without(move.replicas(), move.addingReplicas()), move.addingReplicas())));
        wanted.forEach((partition, brokers) -> {
            PartitionMove before = moves.get(partition);
            moves.put(partition, of(before == null ? current.get(partition) : before.sources, brokers));
        });
        return moves;
    }

    private static PartitionMove of(Collection<Integer> sources, Collection<Integer> targets) {
        return new PartitionMove(new TreeSet<>(sources), without(targets, sources));
    }

    private static SortedSet<Integer> without(Collection<Integer> all, Collection<Integer> some) {
        SortedSet<Integer> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }
}
