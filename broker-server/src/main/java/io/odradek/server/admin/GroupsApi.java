package io.odradek.server.admin;

import io.odradek.protocol.TopicPartition;
import io.odradek.server.inspect.ConsumerGroup;
import io.odradek.server.inspect.GroupMember;
import io.odradek.server.inspect.GroupPosition;
import io.odradek.server.json.Json;
import io.odradek.server.lag.PartitionLag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code /api/groups} and {@code /api/groups/ID}: the groups that this broker coordinates. */
final class GroupsApi {
    private static final int GROUPS_AT_ONCE = 100;
    private static final int MOST_AT_ONCE = 1_000;

    private final Look look;

    GroupsApi(Look look) {
        this.look = look;
    }

    /** {@return a page of the groups, by id} */
    Answer list(AdminRequest request) throws RefusedException {
        SortedMap<String, ConsumerGroup> all = new TreeMap<>();
        look.inspector().groupsOf(look.broker().brokerId()).forEach(group -> all.put(group.id(), group));
        Page<ConsumerGroup> page =
                Page.of(all, request.text("after", ""), (int) request.number("limit", 1, MOST_AT_ONCE, GROUPS_AT_ONCE));
        List<Object> groups = new ArrayList<>();
        for (ConsumerGroup group : page.items()) {
            Map<String, Object> object = summary(group, new ArrayList<>());
            object.put("members", group.members().size());
            object.put("positions", group.positions().size());
            groups.add(object);
        }
        return Answer.json(Json.object("groups", groups, "total", page.total(), "next", page.next()));
    }

    /** {@return a group with its members and positions} */
    Answer describe(AdminRequest request) throws RefusedException {
        String id = request.segment(2);
        for (ConsumerGroup group : look.inspector().groupsOf(look.broker().brokerId())) {
            if (group.id().equals(id)) {
                List<Object> positions = new ArrayList<>();
                Map<String, Object> object = summary(group, positions);
                object.put("assignor", group.assignor());
                object.put("members", members(group));
                object.put("positions", positions);
                return Answer.json(object);
            }
        }
        boolean alone = look.broker().metadata().brokers().size() < 2;
        throw new RefusedException(
                404,
                alone ? "there is no group " + id : "this broker coordinates no group " + id + "; another one may");
    }

    /** @param positions takes the positions */
    private Map<String, Object> summary(ConsumerGroup group, List<Object> positions) {
        long nowMs = look.clock().wallMs();
        long records = 0;
        long waitedMs = 0;
        boolean known = !group.positions().isEmpty();
        boolean timeKnown = known;
        Map<TopicPartition, GroupMember> readers = readers(group);
        for (GroupPosition position : group.positions()) {
            PartitionLag lag = look.lags().of(position);
            long waited = lag.waitedMs(nowMs);
            known &= lag.records() >= 0;
            timeKnown &= waited >= 0;
            records += lag.records();
            waitedMs = Math.max(waitedMs, waited);
            positions.add(position(position, lag.records(), waited, readers));
        }
        return Json.object(
                "group", group.id(),
                "state", group.state(),
                "protocolType", group.protocolType(),
                "lag", known ? records : null,
                "lagSeconds", timeKnown ? seconds(waitedMs) : null);
    }

    private static Map<String, Object> position(
            GroupPosition position, long records, long waitedMs, Map<TopicPartition, GroupMember> readers) {
        GroupMember reader = readers.get(new TopicPartition(position.topic(), position.partition()));
        return Json.object(
                "topic", position.topic(),
                "partition", position.partition(),
                "offset", position.offset(),
                "end", position.endOffset() < 0 ? null : position.endOffset(),
                "lag", records < 0 ? null : records,
                "lagSeconds", seconds(waitedMs),
                "member", reader == null ? null : reader.id(),
                "client", reader == null ? null : reader.clientId(),
                "metadata", position.metadata());
    }

    private static Map<TopicPartition, GroupMember> readers(ConsumerGroup group) {
        Map<TopicPartition, GroupMember> readers = new HashMap<>();
        group.members().forEach(member -> member.assigned().forEach(partition -> readers.put(partition, member)));
        return readers;
    }

    private static List<Object> members(ConsumerGroup group) {
        List<Object> members = new ArrayList<>();
        for (GroupMember member : group.members()) {
            List<Object> partitions = new ArrayList<>();
            member.assigned()
                    .forEach(partition -> partitions.add(
                            Json.object("topic", partition.topic(), "partition", partition.partition())));
            members.add(Json.object(
                    "id", member.id(),
                    "instance", member.instanceId(),
                    "client", member.clientId(),
                    "host", member.host(),
                    "partitions", partitions));
        }
        return members;
    }

    private static Double seconds(long milliseconds) {
        return milliseconds < 0 ? null : milliseconds / 1000.0;
    }
}
