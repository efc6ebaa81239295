package io.odradek.core.coordinator.group;

import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What OffsetFetch asks for, each group, topic and partition once: the answer to a partition can be a thousand times as long
 * as its name.
 */
final class UniqueFetches {
    /** The topics of a group, null for all of them. */
    private Map<String, Set<Integer>> topics = new LinkedHashMap<>();

    private UniqueFetches() {}

    /** {@return the same wishes in the same order, those of one group together} */
    static List<OffsetFetchRequestGroup> of(List<OffsetFetchRequestGroup> requests) {
        Map<String, UniqueFetches> byGroup = new LinkedHashMap<>();
        for (OffsetFetchRequestGroup request : requests) {
            byGroup.computeIfAbsent(request.groupId(), id -> new UniqueFetches())
                    .add(request.topics());
        }
        List<OffsetFetchRequestGroup> unique = new ArrayList<>(byGroup.size());
        byGroup.forEach((id, wish) -> unique.add(new OffsetFetchRequestGroup(id, null, -1, wish.list())));
        return unique;
    }

    private void add(List<OffsetFetchRequestTopics> more) {
        if (more == null) {
            topics = null;
        }
        if (topics == null) {
            return;
        }
        for (OffsetFetchRequestTopics topic : more) {
            List<Integer> partitions = topic.partitionIndexes();
            Set<Integer> known = topics.get(topic.name());
            if (known == null) {
                topics.put(topic.name(), new LinkedHashSet<>(partitions));
            } else {
                known.addAll(partitions);
            }
        }
    }

    private List<OffsetFetchRequestTopics> list() {
        if (topics == null) {
            return null;
        }
        List<OffsetFetchRequestTopics> list = new ArrayList<>(topics.size());
        topics.forEach((name, partitions) -> list.add(new OffsetFetchRequestTopics(name, new ArrayList<>(partitions))));
        return list;
    }
}
