package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What members of groups were told: who owns which partition in which generation, and which positions were kept for them. */
final class GroupLedger {
    private record Owned(String group, int generation, TopicPartition partition) implements Comparable<Owned> {
        @Override
        public int compareTo(Owned other) {
            int byGroup = group.compareTo(other.group);
            int byGeneration = byGroup != 0 ? byGroup : Integer.compare(generation, other.generation);
            return byGeneration != 0 ? byGeneration : partition.compareTo(other.partition);
        }
    }

    /** Acknowledged positions of one partition by the generation that asked for them. */
    private static final class Positions {
        private final SortedMap<Integer, Long> acknowledged = new TreeMap<>();
        private long largestSent = -1;
    }

    private final Map<Owned, String> owners = new TreeMap<>();
    private final Map<String, Map<TopicPartition, Positions>> positions = new TreeMap<>();

    /** A member was assigned a partition. */
    void assigned(String group, int generation, TopicPartition partition, String member) {
        String other = owners.putIfAbsent(new Owned(group, generation, partition), member);
        Violation.unless(
                other == null || other.equals(member),
                "In generation %d of %s both %s and %s own %s",
                generation,
                group,
                other,
                member,
                partition);
    }

    private Positions positions(String group, TopicPartition partition) {
        return positions
                .computeIfAbsent(group, any -> new TreeMap<>())
                .computeIfAbsent(partition, any -> new Positions());
    }

    void commitSent(String group, TopicPartition partition, long offset) {
        Positions known = positions(group, partition);
        known.largestSent = Math.max(known.largestSent, offset);
    }

    void commitAcknowledged(String group, int generation, TopicPartition partition, long offset) {
        positions(group, partition).acknowledged.merge(generation, offset, Math::max);
    }

    /**
     * {@return what a member of a generation must find at least: what earlier generations were promised, and its own}
     */
    long leastPosition(String group, int generation, TopicPartition partition) {
        long least = -1;
        for (long offset :
                positions(group, partition).acknowledged.headMap(generation + 1).values()) {
            least = Math.max(least, offset);
        }
        return least;
    }

    void positionFound(String group, TopicPartition partition, long least, long offset) {
        Violation.unless(
                offset >= least && offset <= positions(group, partition).largestSent,
                "%s finds position %d in %s; %d was promised, %d the largest asked for",
                group,
                offset,
                partition,
                least,
                positions(group, partition).largestSent);
    }
}
