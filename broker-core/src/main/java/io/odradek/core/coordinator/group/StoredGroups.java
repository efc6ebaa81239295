package io.odradek.core.coordinator.group;

import io.odradek.core.coordinator.runtime.RecordPosition;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.persisted.GroupMetadataValue;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the log says of the groups of one shard: for each its last generation and its positions. Changed by the replay of
 * records only; who is joining, waiting or late is not here but in {@link Group}.
 */
final class StoredGroups {
    private static final SortedMap<TopicPartition, CommittedOffset> NO_OFFSETS =
            Collections.unmodifiableSortedMap(new TreeMap<>());

    private final GroupMemory memory;
    private final NavigableMap<String, Generation> generations = new TreeMap<>();
    private final NavigableMap<String, TreeMap<TopicPartition, CommittedOffset>> offsets = new TreeMap<>();
    private final PendingOffsets pending;

    /** A stored generation, and what it takes. */
    private record Generation(GroupMetadataValue value, long heldBytes) {}

    StoredGroups(GroupMemory memory) {
        this.memory = memory;
        this.pending = new PendingOffsets(memory);
    }

    void putMetadata(String group, GroupMetadataValue value) {
        Generation next =
                value == null ? null : new Generation(value, HeldBytes.of(group) + HeldBytes.generation(value));
        Generation before = next == null ? generations.remove(group) : generations.put(group, next);
        memory.add((next == null ? 0 : next.heldBytes()) - (before == null ? 0 : before.heldBytes()));
    }

    /** {@return by how many bytes the group grows with another generation} */
    long growth(String group, GroupMetadataValue value) {
        Generation before = generations.get(group);
        return HeldBytes.of(group) + HeldBytes.generation(value) - (before == null ? 0 : before.heldBytes());
    }

    /**
     * Keeps a position, or keeps it aside until its transaction ends.
     *
     * @param committed null to forget it, in this transaction or altogether
     */
    void putOffset(String group, TopicPartition partition, CommittedOffset committed, RecordPosition position) {
        if (position.isTransactional()) {
            if (committed == null) {
                pending.remove(position.producerId(), group, partition);
            } else {
                pending.put(position.producerId(), group, partition, committed);
            }
        } else if (committed == null) {
            removeOffset(group, partition);
            pending.remove(group, partition);
        } else {
            putOffset(group, partition, committed);
        }
    }

    private void putOffset(String group, TopicPartition partition, CommittedOffset committed) {
        memory.add(growth(group, partition, committed));
        offsets.computeIfAbsent(group, id -> new TreeMap<>()).put(partition, committed);
    }

    private void removeOffset(String group, TopicPartition partition) {
        TreeMap<TopicPartition, CommittedOffset> ofGroup = offsets.get(group);
        if (ofGroup == null) {
            return;
        }
        CommittedOffset removed = ofGroup.remove(partition);
        if (removed != null) {
            memory.add(-HeldBytes.position(partition, removed));
        }
        if (ofGroup.isEmpty()) {
            offsets.remove(group);
            memory.add(-HeldBytes.of(group));
        }
    }

    /** {@return by how many bytes the group grows with another position} */
    long growth(String group, TopicPartition partition, CommittedOffset committed) {
        TreeMap<TopicPartition, CommittedOffset> ofGroup = offsets.get(group);
        CommittedOffset before = ofGroup == null ? null : ofGroup.get(partition);
        return HeldBytes.position(partition, committed)
                - (before == null ? 0 : HeldBytes.position(partition, before))
                + (ofGroup == null ? HeldBytes.of(group) : 0);
    }

    /**
     * A transaction has ended: its positions count from now on if it was committed, unless they have been overtaken by
     * later ones that are in no transaction.
     *
     * @return the groups it had positions of
     */
    Set<String> endTransaction(long producerId, boolean committed) {
        var ended = pending.take(producerId);
        if (committed) {
            ended.forEach((group, positions) -> positions.forEach((partition, position) -> {
                CommittedOffset present = offsets(group).get(partition);
                if (present == null || present.recordOffset() < position.recordOffset()) {
                    putOffset(group, partition, position);
                }
            }));
        }
        return ended.keySet();
    }

    /** {@return the group's last generation, or null if none is stored} */
    GroupMetadataValue metadata(String group) {
        Generation generation = generations.get(group);
        return generation == null ? null : generation.value();
    }

    /** {@return the group's positions, to be read only} */
    SortedMap<TopicPartition, CommittedOffset> offsets(String group) {
        SortedMap<TopicPartition, CommittedOffset> ofGroup = offsets.get(group);
        return ofGroup == null ? NO_OFFSETS : Collections.unmodifiableSortedMap(ofGroup);
    }

    /** {@return the group's positions in open transactions} */
    PendingOffsets pending() {
        return pending;
    }

    /** {@return the partitions in which the group has a position, in an open transaction or outside} */
    SortedSet<TopicPartition> partitions(String group) {
        SortedSet<TopicPartition> partitions = pending.partitions(group);
        partitions.addAll(offsets(group).keySet());
        return partitions;
    }

    /** {@return whether there is nothing of a group} */
    boolean isForgotten(String group) {
        return !generations.containsKey(group)
                && !offsets.containsKey(group)
                && pending.partitions(group).isEmpty();
    }

    /** {@return the ids of groups of which anything is stored, ascending} */
    SortedSet<String> ids() {
        SortedSet<String> ids = new TreeSet<>(generations.keySet());
        ids.addAll(offsets.keySet());
        pending.addGroups(ids);
        return ids;
    }
}
