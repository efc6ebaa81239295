package io.odradek.core.coordinator.group;

import io.odradek.storage.env.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The groups of one shard by id. */
final class GroupDirectory {
    private final NavigableMap<String, Group> groups = new TreeMap<>();
    private final StoredGroups stored = new StoredGroups();
    private final Clock clock;

    GroupDirectory(Clock clock) {
        this.clock = clock;
    }

    StoredGroups stored() {
        return stored;
    }

    /** Makes the groups of what is stored. */
    void restore() {
        for (String id : stored.ids()) {
            var metadata = stored.metadata(id);
            groups.put(id, metadata == null ? new Group(id, -1) : Group.restored(id, metadata));
        }
    }

    /** {@return the group, or null} */
    Group find(String id) {
        return groups.get(id);
    }

    Group findOrCreate(String id) {
        return groups.computeIfAbsent(id, missing -> new Group(missing, clock.wallMs()));
    }

    /** {@return the groups by id, ascending; a copy} */
    List<Group> all() {
        return new ArrayList<>(groups.values());
    }

    /** Forgets a group that never had a generation, that nobody is about to join, and of which nothing is stored. */
    void dropIfUnused(String id) {
        Group group = groups.get(id);
        if (group != null && group.generation() == 0) {
            dropIfForgotten(id);
        }
    }

    /** Forgets a group of which nothing is stored any more, unless somebody is in it or about to join. */
    void dropIfForgotten(String id) {
        Group group = groups.get(id);
        if (group != null
                && group.is(GroupState.EMPTY)
                && group.pendingMembers().isEmpty()
                && stored.metadata(id) == null
                && stored.offsets(id).isEmpty()) {
            group.become(GroupState.DEAD, clock.wallMs());
            groups.remove(id);
        }
    }

    /** Forgets all groups: this broker coordinates them no longer. */
    void clear() {
        for (Group group : groups.values()) {
            group.become(GroupState.DEAD, clock.wallMs());
        }
        groups.clear();
    }
}
