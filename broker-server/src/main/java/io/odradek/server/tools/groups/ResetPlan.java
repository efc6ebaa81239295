package io.odradek.server.tools.groups;

import io.odradek.server.tools.Answers;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.TopicPartitions;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Finds the new positions of a group. None is set outside of what a partition has: what is below is set to its first record, what
 * is above behind its last, and that is told.
 */
record ResetPlan(Admin admin, KnownGroups known, Terminal terminal) {
    /** {@return the new positions} @param target where to @param partitions of which */
    SortedMap<TopicPartition, Long> of(String group, ResetTarget target, Collection<TopicPartition> partitions)
            throws Exception {
        if (target instanceof ResetTarget.Earliest) {
            return offsets(partitions, OffsetSpec.earliest());
        } else if (target instanceof ResetTarget.Latest) {
            return offsets(partitions, OffsetSpec.latest());
        } else if (target instanceof ResetTarget.Offset to) {
            SortedMap<TopicPartition, Long> wanted = empty();
            partitions.forEach(each -> wanted.put(each, to.offset()));
            return within(wanted);
        } else if (target instanceof ResetTarget.Shift shift) {
            return within(shifted(group, shift.by(), partitions));
        } else if (target instanceof ResetTarget.Current) {
            return current(group, partitions);
        }
        return at(((ResetTarget.Time) target).timestampMs(), partitions);
    }

    /** {@return positions inside of their partitions} @param wanted those asked for */
    SortedMap<TopicPartition, Long> within(SortedMap<TopicPartition, Long> wanted) throws Exception {
        Map<TopicPartition, Long> first = offsets(wanted.keySet(), OffsetSpec.earliest());
        Map<TopicPartition, Long> end = offsets(wanted.keySet(), OffsetSpec.latest());
        SortedMap<TopicPartition, Long> positions = empty();
        for (Map.Entry<TopicPartition, Long> each : wanted.entrySet()) {
            TopicPartition partition = each.getKey();
            long position = Math.max(first.get(partition), Math.min(end.get(partition), each.getValue()));
            if (position != each.getValue()) {
                terminal.note("New offset (" + each.getValue() + ") is "
                        + (position < each.getValue() ? "higher than latest" : "lower than earliest")
                        + " offset for topic partition " + partition + ". Value will be set to " + position);
            }
            positions.put(partition, position);
        }
        return positions;
    }

    private SortedMap<TopicPartition, Long> shifted(String group, long by, Collection<TopicPartition> partitions)
            throws Exception {
        Map<TopicPartition, OffsetAndMetadata> positions = known.positions(group);
        SortedMap<TopicPartition, Long> shifted = empty();
        for (TopicPartition each : partitions) {
            if (!positions.containsKey(each)) {
                throw new ToolException(
                        "Cannot shift offset for partition " + each + " since there is no current committed offset");
            }
            shifted.put(each, ResetTarget.Shift.from(positions.get(each).offset(), by));
        }
        return shifted;
    }

    private SortedMap<TopicPartition, Long> current(String group, Collection<TopicPartition> partitions)
            throws Exception {
        Map<TopicPartition, OffsetAndMetadata> committed = known.positions(group);
        SortedMap<TopicPartition, Long> positions = offsets(
                partitions.stream().filter(each -> !committed.containsKey(each)).toList(), OffsetSpec.latest());
        partitions.stream()
                .filter(committed::containsKey)
                .forEach(each -> positions.put(each, committed.get(each).offset()));
        return positions;
    }

    private SortedMap<TopicPartition, Long> at(long timestampMs, Collection<TopicPartition> partitions)
            throws Exception {
        SortedMap<TopicPartition, Long> positions = offsets(partitions, OffsetSpec.forTimestamp(timestampMs));
        SortedMap<TopicPartition, Long> newer = empty();
        positions.forEach((partition, offset) -> {
            if (offset >= 0) {
                newer.put(partition, offset);
            }
        });
        positions.keySet().removeAll(newer.keySet());
        for (TopicPartition each : positions.keySet()) {
            terminal.note("Partition " + each.partition() + " of topic " + each.topic()
                    + " has no record that is not older. Its latest offset is taken instead.");
        }
        newer.putAll(offsets(positions.keySet(), OffsetSpec.latest()));
        return newer;
    }

    private SortedMap<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec spec)
            throws Exception {
        SortedMap<TopicPartition, Long> offsets = empty();
        if (partitions.isEmpty()) {
            return offsets;
        }
        TopicPartitions.check(admin, partitions);
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(each -> asked.put(each, spec));
        ListOffsetsResult answer = admin.listOffsets(asked);
        for (TopicPartition each : partitions) {
            try {
                offsets.put(each, Answers.of(answer.partitionResult(each)).offset());
            } catch (UnknownTopicOrPartitionException unknown) {
                throw new ToolException(
                        "There is no partition " + each.partition() + " of topic " + each.topic(), unknown);
            }
        }
        return offsets;
    }

    static <T> SortedMap<TopicPartition, T> empty() {
        return new TreeMap<>(TopicPartitions.IN_ORDER);
    }
}
