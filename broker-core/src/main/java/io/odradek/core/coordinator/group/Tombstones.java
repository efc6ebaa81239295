package io.odradek.core.coordinator.group;

import io.odradek.core.coordinator.runtime.CoordinatorBatches;
import io.odradek.core.coordinator.runtime.CoordinatorRecord;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Takes groups and positions out of the log. What is stored follows as the tombstones are replayed. */
final class Tombstones {
    private static final int PORTION_BYTES = 256 * 1024;

    private final Services services;
    private final GroupDirectory directory;

    Tombstones(Services services, GroupDirectory directory) {
        this.services = services;
        this.directory = directory;
    }

    /** Removes a group with all its positions. */
    void removeGroup(Group group, Consumer<ErrorCode> done) {
        List<CoordinatorRecord> records = offsets(group.id(), directory.stored().partitions(group.id()));
        if (directory.stored().metadata(group.id()) != null) {
            records.add(GroupRecords.groupTombstone(group.id()));
        }
        append(records, error -> {
            if (error == ErrorCode.NONE) {
                directory.dropIfForgotten(group.id());
            }
            done.accept(error);
        });
    }

    /** Removes positions of a group; one without members goes with the last of them. */
    void removeOffsets(String group, Collection<TopicPartition> partitions, Consumer<ErrorCode> done) {
        Group known = directory.find(group);
        boolean isEmpty = known != null && known.is(GroupState.EMPTY) && !partitions.isEmpty();
        if (isEmpty && new TreeSet<>(partitions).containsAll(directory.stored().partitions(group))) {
            removeGroup(known, done);
            return;
        }
        append(offsets(group, partitions), error -> {
            directory.dropIfUnused(group);
            done.accept(error);
        });
    }

    private static List<CoordinatorRecord> offsets(String group, Collection<TopicPartition> partitions) {
        List<CoordinatorRecord> records = new ArrayList<>(partitions.size() + 1);
        for (TopicPartition partition : partitions) {
            records.add(GroupRecords.offsetTombstone(group, partition));
        }
        return records;
    }

    private void append(List<CoordinatorRecord> records, Consumer<ErrorCode> done) {
        next(CoordinatorBatches.portions(records, PORTION_BYTES).iterator(), done);
    }

    private void next(Iterator<List<CoordinatorRecord>> portions, Consumer<ErrorCode> done) {
        if (!portions.hasNext()) {
            done.accept(ErrorCode.NONE);
            return;
        }
        services.context().append(portions.next(), error -> {
            if (error == ErrorCode.NONE) {
                next(portions, done);
            } else {
                done.accept(error);
            }
        });
    }
}
