package io.odradek.server.tools.groups;

import static io.odradek.server.tools.Answers.of;

import io.odradek.server.json.Json;
import io.odradek.server.tools.Table;
import io.odradek.server.tools.Table.Column;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.TopicPartitions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/** Sets the positions of groups that have no members, or shows where they would be set to. */
record PositionReset(Admin admin, KnownGroups known, Terminal terminal, ResetOptions options) {
    /**
     * Does it.
     *
     * @param groups of which groups
     * @param topics in which topics, as {@code orders} or {@code orders:0,1}
     * @param allTopics whether in all in which a group has positions
     * @param json whether that is told as JSON
     * @return the exit status
     */
    int run(List<String> groups, List<String> topics, boolean allTopics, boolean json) throws Exception {
        if (!options.executes() && !options.exports() && !options.isDryRun()) {
            terminal.note("Nothing is set: this only shows what --execute would set");
        }
        ResetPlan plan = new ResetPlan(admin, known, terminal);
        Map<String, SortedMap<TopicPartition, Long>> fromFile =
                options.file() == null ? Map.of() : ResetFile.read(options.file(), groups);
        Map<String, ConsumerGroupDescription> described = known.described(groups);
        Map<String, SortedMap<TopicPartition, Long>> positions = new TreeMap<>();
        int status = Tool.DONE;
        for (String group : groups) {
            ConsumerGroupDescription there = described.get(group);
            if (there != null && there.groupState() != GroupState.EMPTY) {
                terminal.note("Assignments can only be reset if the group '" + group
                        + "' is inactive, but the current state is " + there.groupState() + ".");
                status = Tool.FAILED;
                continue;
            }
            positions.put(
                    group,
                    options.file() != null
                            ? plan.within(fromFile.get(group))
                            : plan.of(
                                    group,
                                    options.target(System.currentTimeMillis()),
                                    partitions(group, topics, allTopics)));
            if (options.executes() && !positions.get(group).isEmpty()) {
                set(group, positions.get(group));
            }
        }
        print(positions, groups.size() == 1, json);
        return status;
    }

    private Collection<TopicPartition> partitions(String group, List<String> topics, boolean allTopics)
            throws Exception {
        return allTopics ? known.positions(group).keySet() : TopicPartitions.named(admin, topics);
    }

    private void set(String group, SortedMap<TopicPartition, Long> positions) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> offsets = ResetPlan.empty();
        positions.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        of(admin.alterConsumerGroupOffsets(group, offsets).all());
    }

    private void print(Map<String, SortedMap<TopicPartition, Long>> positions, boolean oneGroup, boolean json) {
        Table table = new Table(
                Column.fixed("GROUP", 30),
                Column.fixed("TOPIC", 30),
                Column.fixed("PARTITION", 10),
                Column.fixed("NEW-OFFSET", 15));
        List<String> lines = new ArrayList<>();
        positions.forEach((group, ofGroup) -> ofGroup.forEach((partition, offset) -> {
            table.row(group, partition.topic(), Integer.toString(partition.partition()), Long.toString(offset));
            lines.add(
                    json
                            ? Json.text(Json.object(
                                    "group",
                                    group,
                                    "topic",
                                    partition.topic(),
                                    "partition",
                                    partition.partition(),
                                    "newOffset",
                                    offset))
                            : ResetFile.line(oneGroup ? null : group, partition, offset));
        }));
        if (json || options.exports()) {
            lines.forEach(terminal::line);
            if (!json) {
                // Behind the lines an empty one, as with Kafka.
                terminal.line("");
            }
        } else {
            terminal.line("");
            table.print(terminal);
        }
    }
}
