package io.odradek.server.groups;

import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What one group was seen to do: who owned which partition in which generation, what was consumed, and what was committed.
 * What must never be is kept as a line each. Safe for all threads.
 */
final class StressLedger {
    private final String group;
    private final Queue<String> wrongs = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Map<Integer, String>> owners = new TreeMap<>();
    private final Map<Integer, BitSet> consumed = new TreeMap<>();
    private final Map<Integer, Long> acknowledged = new TreeMap<>();
    private final Map<Integer, Long> seen = new TreeMap<>();
    private long duplicates;
    private long commits;

    StressLedger(String group) {
        this.group = group;
    }

    /** A member was told what it owns. @param owner a static member's name stays when it comes back */
    synchronized void owns(int generation, String owner, Set<TopicPartition> partitions) {
        Map<Integer, String> ofGeneration = owners.computeIfAbsent(generation, key -> new TreeMap<>());
        for (TopicPartition partition : partitions) {
            String other = ofGeneration.put(partition.partition(), owner);
            if (other != null && !other.equals(owner)) {
                wrong(partition + " has two owners in generation " + generation + ": " + other + " and " + owner);
            }
        }
    }

    synchronized void consumed(int partition, long offset) {
        BitSet ofPartition = consumed.computeIfAbsent(partition, key -> new BitSet());
        if (ofPartition.get((int) offset)) {
            duplicates++;
        }
        ofPartition.set((int) offset);
    }

    /** A commit was answered well. */
    synchronized void committed(Map<TopicPartition, OffsetAndMetadata> positions) {
        commits++;
        positions.forEach(
                (partition, position) -> acknowledged.merge(partition.partition(), position.offset(), Math::max));
    }

    /** {@return what commits of these partitions have been answered well, up to now} */
    synchronized Map<Integer, Long> acknowledged(Collection<TopicPartition> partitions) {
        Map<Integer, Long> copy = new TreeMap<>();
        for (TopicPartition partition : partitions) {
            copy.put(partition.partition(), acknowledged.getOrDefault(partition.partition(), 0L));
        }
        return copy;
    }

    /** The broker has told positions. @param least what had been acknowledged before it was asked */
    void told(Map<Integer, Long> least, Map<TopicPartition, OffsetAndMetadata> positions) {
        least.forEach((partition, offset) -> {
            OffsetAndMetadata told = positions.get(new TopicPartition(KafkaClientsGroupStressTest.TOPIC, partition));
            if (offset > (told == null ? 0 : told.offset())) {
                wrong("partition " + partition + " was committed at " + offset + " and is told as " + told);
            }
        });
    }

    /** One watcher has asked for all positions, once more. */
    synchronized void watched(Map<TopicPartition, OffsetAndMetadata> positions) {
        seen.forEach((partition, offset) -> {
            OffsetAndMetadata told = positions.get(new TopicPartition(KafkaClientsGroupStressTest.TOPIC, partition));
            if (told == null || told.offset() < offset) {
                wrong("the position of partition " + partition + " went back from " + offset + " to " + told);
            }
        });
        positions.forEach((partition, position) -> seen.put(partition.partition(), position.offset()));
    }

    void wrong(String what) {
        wrongs.add(group + ": " + what);
    }

    /** {@return how many records up to these ends nobody has consumed} */
    synchronized long missing(long[] ends) {
        long missing = 0;
        for (int partition = 0; partition < ends.length; partition++) {
            BitSet ofPartition = consumed.getOrDefault(partition, new BitSet());
            missing +=
                    ends[partition] - ofPartition.get(0, (int) ends[partition]).cardinality();
        }
        return missing;
    }

    synchronized int generations() {
        return owners.size();
    }

    /** {@return how many commits have been answered well} */
    synchronized long commits() {
        return commits;
    }

    synchronized long duplicates() {
        return duplicates;
    }

    List<String> wrongs() {
        return List.copyOf(wrongs);
    }
}
