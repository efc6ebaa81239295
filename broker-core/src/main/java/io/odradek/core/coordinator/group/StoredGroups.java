package io.odradek.core.coordinator.group;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.persisted.GroupMetadataValue;
import java.util.Collections;
import java.util.NavigableMap;
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

    private final NavigableMap<String, GroupMetadataValue> metadata = new TreeMap<>();
    private final NavigableMap<String, TreeMap<TopicPartition, CommittedOffset>> offsets = new TreeMap<>();

    void putMetadata(String group, GroupMetadataValue value) {
        if (value == null) {
            metadata.remove(group);
        } else {
            metadata.put(group, value);
        }
    }

    void putOffset(String group, TopicPartition partition, CommittedOffset committed) {
        if (committed != null) {
            offsets.computeIfAbsent(group, id -> new TreeMap<>()).put(partition, committed);
            return;
        }
        TreeMap<TopicPartition, CommittedOffset> ofGroup = offsets.get(group);
        if (ofGroup != null) {
            ofGroup.remove(partition);
            if (ofGroup.isEmpty()) {
                offsets.remove(group);
            }
        }
    }

    /** {@return the group's last generation, or null if none is stored} */
    GroupMetadataValue metadata(String group) {
        return metadata.get(group);
    }

    /** {@return the group's positions, to be read only} */
    SortedMap<TopicPartition, CommittedOffset> offsets(String group) {
        SortedMap<TopicPartition, CommittedOffset> ofGroup = offsets.get(group);
        return ofGroup == null ? NO_OFFSETS : Collections.unmodifiableSortedMap(ofGroup);
    }

    /** {@return the ids of groups of which anything is stored, ascending} */
    SortedSet<String> ids() {
        SortedSet<String> ids = new TreeSet<>(metadata.keySet());
        ids.addAll(offsets.keySet());
        return ids;
    }
}
