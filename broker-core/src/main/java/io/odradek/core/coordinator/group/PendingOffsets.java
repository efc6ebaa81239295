package io.odradek.core.coordinator.group;

import io.odradek.protocol.TopicPartition;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Positions that were committed in transactions which are still open (KIP-447), by producer and group: none of them counts
 * until its transaction is committed.
 */
final class PendingOffsets {
    private final GroupMemory memory;
    private final NavigableMap<Long, NavigableMap<String, NavigableMap<TopicPartition, CommittedOffset>>> byProducer =
            new TreeMap<>();

    PendingOffsets(GroupMemory memory) {
        this.memory = memory;
    }

    void put(long producerId, String group, TopicPartition partition, CommittedOffset committed) {
        CommittedOffset before = byProducer
                .computeIfAbsent(producerId, id -> new TreeMap<>())
                .computeIfAbsent(group, id -> new TreeMap<>())
                .put(partition, committed);
        memory.add(HeldBytes.position(partition, committed) - heldBytes(partition, before));
    }

    /** Forgets what one producer has for a partition. */
    void remove(long producerId, String group, TopicPartition partition) {
        var ofProducer = byProducer.get(producerId);
        if (ofProducer != null) {
            remove(ofProducer, group, partition);
            if (ofProducer.isEmpty()) {
                byProducer.remove(producerId);
            }
        }
    }

    /** Forgets what any producer has for a partition. */
    void remove(String group, TopicPartition partition) {
        byProducer.values().removeIf(ofProducer -> {
            remove(ofProducer, group, partition);
            return ofProducer.isEmpty();
        });
    }

    private void remove(
            NavigableMap<String, NavigableMap<TopicPartition, CommittedOffset>> ofProducer,
            String group,
            TopicPartition partition) {
        var ofGroup = ofProducer.get(group);
        if (ofGroup == null) {
            return;
        }
        memory.add(-heldBytes(partition, ofGroup.remove(partition)));
        if (ofGroup.isEmpty()) {
            ofProducer.remove(group);
        }
    }

    /** The producer's transaction has ended. {@return what it had committed, by group} */
    Map<String, NavigableMap<TopicPartition, CommittedOffset>> take(long producerId) {
        var taken = byProducer.remove(producerId);
        if (taken == null) {
            return Map.of();
        }
        taken.values()
                .forEach(ofGroup ->
                        ofGroup.forEach((partition, committed) -> memory.add(-heldBytes(partition, committed))));
        return taken;
    }

    /** {@return whether a transaction that is open has a position of the group in the partition} */
    boolean has(String group, TopicPartition partition) {
        for (var ofProducer : byProducer.values()) {
            var ofGroup = ofProducer.get(group);
            if (ofGroup != null && ofGroup.containsKey(partition)) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether a transaction that is open has a position of the group} */
    boolean has(String group) {
        for (var ofProducer : byProducer.values()) {
            if (ofProducer.containsKey(group)) {
                return true;
            }
        }
        return false;
    }

    /** {@return the partitions in which open transactions have positions of the group} */
    SortedSet<TopicPartition> partitions(String group) {
        SortedSet<TopicPartition> partitions = new TreeSet<>();
        for (var ofProducer : byProducer.values()) {
            var ofGroup = ofProducer.get(group);
            if (ofGroup != null) {
                partitions.addAll(ofGroup.keySet());
            }
        }
        return partitions;
    }

    /** {@return the producers with open transactions} */
    Set<Long> producers() {
        return byProducer.keySet();
    }

    /** Adds the ids of groups to others. */
    void addGroups(Set<String> ids) {
        byProducer.values().forEach(ofProducer -> ids.addAll(ofProducer.keySet()));
    }

    private static long heldBytes(TopicPartition partition, CommittedOffset committed) {
        return committed == null ? 0 : HeldBytes.position(partition, committed);
    }
}
