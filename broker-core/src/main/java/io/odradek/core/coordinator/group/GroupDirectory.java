package io.odradek.core.coordinator.group;

import io.odradek.protocol.errors.Quoted;
import io.odradek.protocol.persisted.GroupMetadataValue;
import io.odradek.storage.env.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The groups of one shard by id. */
final class GroupDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(GroupDirectory.class);
    private static final long UNKNOWN_TIME = -1;

    private final NavigableMap<String, Group> groups = new TreeMap<>();
    private final StoredGroups stored;
    private final GroupMemory memory;
    private final Clock clock;

    GroupDirectory(Clock clock, GroupMemory memory) {
        this.clock = clock;
        this.memory = memory;
        this.stored = new StoredGroups(memory);
    }

    StoredGroups stored() {
        return stored;
    }

    /** Makes a group of what is stored of it. {@return the group, or null if nothing is} */
    Group restore(String id) {
        if (stored.isForgotten(id)) {
            return null;
        }
        Group group = made(id, stored.metadata(id));
        groups.put(id, group);
        return group;
    }

    /** What is stored may be anything, and must not keep the other groups from being served. */
    private Group made(String id, GroupMetadataValue metadata) {
        if (metadata != null) {
            try {
                return Group.restored(id, metadata, memory);
            } catch (RuntimeException e) {
                LOG.warn(
                        "The stored generation of group {} is none, and is passed over: {}",
                        Quoted.text(id),
                        e.toString());
            }
        }
        return new Group(id, UNKNOWN_TIME, memory);
    }

    /** {@return the group, or null} */
    Group find(String id) {
        return groups.get(id);
    }

    Group findOrCreate(String id) {
        return groups.computeIfAbsent(id, missing -> new Group(missing, clock.wallMs(), memory));
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
        if (group != null && group.is(GroupState.EMPTY) && group.pendingMembers() == 0 && stored.isForgotten(id)) {
            drop(group);
        }
    }

    /** Forgets a group; what it had waiting must have been answered, or be answered now. */
    void drop(Group group) {
        group.become(GroupState.DEAD, clock.wallMs());
        group.release();
        groups.remove(group.id());
    }
}
