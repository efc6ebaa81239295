package io.odradek.server.tools.groups;

import io.odradek.server.json.Json;
import io.odradek.server.tools.Table;
import io.odradek.server.tools.Table.Column;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells of groups, each in a table of its own as Kafka 3.9 lays it out, or as JSON. That a group has no members, or is giving its
 * partitions out anew, is told on standard error.
 */
record GroupDescriber(Admin admin, KnownGroups known, Terminal terminal, boolean json) {
    private static final int NAME = 15;
    private static final int COORDINATOR = 25;
    private static final String NONE = "-";

    /** What is printed of one group. */
    private interface Report {
        void print(ConsumerGroupDescription group) throws Exception;
    }

    /** {@return the exit status} @param groups whose positions are shown */
    int offsets(List<String> groups) throws Exception {
        GroupLags lags = new GroupLags(admin, known);
        return each(groups, true, group -> printOffsets(group, lags.of(group)));
    }

    /** {@return the exit status} @param groups whose members are shown @param verbose with what they read */
    int members(List<String> groups, boolean verbose) throws Exception {
        return each(groups, true, group -> printMembers(group, verbose));
    }

    /** {@return the exit status} @param groups whose states are shown */
    int states(List<String> groups) throws Exception {
        return each(groups, false, this::printState);
    }

    private int each(List<String> groups, boolean ofMembers, Report report) throws Exception {
        Map<String, ConsumerGroupDescription> described = known.described(groups);
        int status = Tool.DONE;
        for (String id : groups.stream().sorted().toList()) {
            ConsumerGroupDescription group = described.get(id);
            if (group == null) {
                terminal.note(KnownGroups.absent(id).getMessage());
                status = Tool.FAILED;
            } else {
                if (!json) {
                    hint(group);
                }
                report.print(group);
            }
        }
        return status;
    }

    private void hint(ConsumerGroupDescription group) {
        if (group.groupState() == GroupState.EMPTY) {
            terminal.note("\nConsumer group '" + group.groupId() + "' has no active members.");
        } else if (group.groupState() != GroupState.STABLE) {
            terminal.note("\nWarning: Consumer group '" + group.groupId() + "' is rebalancing.");
        }
    }

    private void printOffsets(ConsumerGroupDescription group, List<PositionLag> lags) {
        if (json) {
            lags.forEach(lag -> terminal.line(Json.text(lagObject(group, lag))));
            return;
        }
        if (lags.isEmpty()) {
            return;
        }
        Table table = new Table(
                Column.growing("GROUP", NAME),
                Column.growing("TOPIC", NAME),
                Column.fixed("PARTITION", 10),
                Column.fixed("CURRENT-OFFSET", 15),
                Column.fixed("LOG-END-OFFSET", 15),
                Column.fixed("LAG", 15),
                Column.growing("CONSUMER-ID", NAME),
                Column.growing("HOST", NAME),
                Column.last("CLIENT-ID"));
        for (PositionLag lag : lags) {
            MemberDescription member = lag.member();
            table.row(
                    group.groupId(),
                    lag.partition().topic(),
                    Integer.toString(lag.partition().partition()),
                    text(lag.position()),
                    text(lag.end()),
                    text(lag.lag()),
                    member == null ? NONE : member.consumerId(),
                    member == null ? NONE : member.host(),
                    member == null ? NONE : member.clientId());
        }
        terminal.line("");
        table.print(terminal);
    }

    private static Map<String, Object> lagObject(ConsumerGroupDescription group, PositionLag lag) {
        Map<String, Object> object = Json.object(
                "group",
                group.groupId(),
                "topic",
                lag.partition().topic(),
                "partition",
                lag.partition().partition(),
                "currentOffset",
                lag.position(),
                "logEndOffset",
                lag.end(),
                "lag",
                lag.lag());
        MemberDescription member = lag.member();
        object.put("consumerId", member == null ? null : member.consumerId());
        object.put("host", member == null ? null : member.host());
        object.put("clientId", member == null ? null : member.clientId());
        return object;
    }

    private void printMembers(ConsumerGroupDescription group, boolean verbose) {
        List<MemberDescription> members = new ArrayList<>(group.members());
        members.sort(Comparator.comparing(MemberDescription::consumerId));
        if (json) {
            members.forEach(member -> terminal.line(Json.text(memberObject(group, member))));
            return;
        }
        boolean fixedNames =
                members.stream().anyMatch(member -> member.groupInstanceId().isPresent());
        List<Column> columns =
                new ArrayList<>(List.of(Column.growing("GROUP", NAME), Column.growing("CONSUMER-ID", NAME)));
        if (fixedNames) {
            columns.add(Column.growing("GROUP-INSTANCE-ID", 17));
        }
        columns.addAll(List.of(
                Column.growing("HOST", NAME),
                Column.growing("CLIENT-ID", NAME),
                Column.fixed("#PARTITIONS", 15),
                Column.last(verbose ? "ASSIGNMENT" : "")));
        Table table = new Table(columns.toArray(Column[]::new));
        for (MemberDescription member : members) {
            List<String> cells = new ArrayList<>(List.of(group.groupId(), member.consumerId()));
            if (fixedNames) {
                cells.add(member.groupInstanceId().orElse(""));
            }
            Collection<TopicPartition> partitions = member.assignment().topicPartitions();
            cells.addAll(List.of(
                    member.host(),
                    member.clientId(),
                    Integer.toString(partitions.size()),
                    !verbose ? "" : partitions.isEmpty() ? NONE : assignment(partitions)));
            table.row(cells.toArray(String[]::new));
        }
        terminal.line("");
        table.print(terminal);
    }

    private static Map<String, Object> memberObject(ConsumerGroupDescription group, MemberDescription member) {
        return Json.object(
                "group",
                group.groupId(),
                "consumerId",
                member.consumerId(),
                "groupInstanceId",
                member.groupInstanceId().orElse(null),
                "host",
                member.host(),
                "clientId",
                member.clientId(),
                "assignment",
                byTopic(member.assignment().topicPartitions()));
    }

    private void printState(ConsumerGroupDescription group) {
        Node coordinator = group.coordinator();
        if (json) {
            terminal.line(Json.text(Json.object(
                    "group",
                    group.groupId(),
                    "coordinator",
                    coordinator.host() + ":" + coordinator.port(),
                    "coordinatorId",
                    coordinator.id(),
                    "assignmentStrategy",
                    group.partitionAssignor(),
                    "state",
                    group.groupState().toString(),
                    "members",
                    group.members().size())));
            return;
        }
        String at = coordinator.host() + ":" + coordinator.port() + "  (" + coordinator.idString() + ")";
        Table table = new Table(
                // As wide as the coordinator, with Kafka.
                Column.fixed("GROUP", Math.max(COORDINATOR, at.length())),
                Column.fixed("COORDINATOR (ID)", COORDINATOR),
                Column.fixed("ASSIGNMENT-STRATEGY", 20),
                Column.fixed("STATE", 15),
                Column.last("#MEMBERS"));
        table.row(
                group.groupId(),
                at,
                group.partitionAssignor(),
                group.groupState().toString(),
                Integer.toString(group.members().size()));
        terminal.line("");
        table.print(terminal);
    }

    /** {@return what a member reads, as {@code orders(0,1), returns(2)}} */
    private static String assignment(Collection<TopicPartition> partitions) {
        return byTopic(partitions).entrySet().stream()
                .map(topic -> topic.getKey() + "("
                        + topic.getValue().stream().map(String::valueOf).collect(Collectors.joining(",")) + ")")
                .collect(Collectors.joining(", "));
    }

    private static Map<String, List<Integer>> byTopic(Collection<TopicPartition> partitions) {
        Map<String, List<Integer>> byTopic = new TreeMap<>();
        partitions.stream()
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .forEach(each -> byTopic.computeIfAbsent(each.topic(), topic -> new ArrayList<>())
                        .add(each.partition()));
        return byTopic;
    }

    private static String text(Long number) {
        return number == null ? NONE : number.toString();
    }
}
