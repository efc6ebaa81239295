package io.odradek.server.inspect;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.DescribeGroupsRequest;
import io.odradek.protocol.api.DescribeGroupsResponse;
import io.odradek.protocol.api.DescribeGroupsResponse.DescribedGroup;
import io.odradek.protocol.api.DescribeGroupsResponse.DescribedGroupMember;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.ListGroupsResponse;
import io.odradek.protocol.api.ListGroupsResponse.ListedGroup;
import io.odradek.protocol.api.OffsetFetchRequest;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.odradek.protocol.api.OffsetFetchResponse;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponseTopics;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.persisted.ConsumerProtocolAssignment;
import io.odradek.protocol.persisted.ConsumerProtocolAssignmentCodec;
import io.odradek.protocol.wire.MalformedMessageException;
import io.odradek.protocol.wire.WireReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The groups of the brokers that can be asked, with their members, and their positions beside the ends of the partitions. */
final class Groups {
    private static final int LIST_VERSION = 4;
    private static final int DESCRIBE_VERSION = 5;
    private static final int POSITIONS_VERSION = 8;
    private static final String CONSUMERS = "consumer";

    private final Questions questions;
    private final Spans spans;

    Groups(Questions questions, Spans spans) {
        this.questions = questions;
        this.spans = spans;
    }

    /** {@return all groups, by id} */
    List<ConsumerGroup> all() {
        return all(questions.ids());
    }

    /** {@return the groups that some brokers coordinate, by id} */
    List<ConsumerGroup> all(Collection<Integer> brokers) {
        SortedMap<String, ConsumerGroup> groups = new TreeMap<>();
        for (int broker : brokers) {
            questions.patiently(() -> of(broker)).forEach(group -> groups.put(group.id(), group));
        }
        return List.copyOf(groups.values());
    }

    private List<ConsumerGroup> of(int broker) {
        ListGroupsResponse listed = questions.ask(
                broker,
                ApiKey.LIST_GROUPS,
                LIST_VERSION,
                new ListGroupsRequest(List.of(), List.of()),
                ListGroupsResponse.class);
        Questions.require(listed.errorCode(), "Listing groups");
        List<String> ids = listed.groups().stream().map(ListedGroup::groupId).toList();
        if (ids.isEmpty()) {
            return List.of();
        }
        DescribeGroupsResponse described = questions.ask(
                broker,
                ApiKey.DESCRIBE_GROUPS,
                DESCRIBE_VERSION,
                new DescribeGroupsRequest(ids, false),
                DescribeGroupsResponse.class);
        Map<String, List<GroupPosition>> positions = positions(broker, ids);
        List<ConsumerGroup> groups = new ArrayList<>(ids.size());
        for (DescribedGroup group : described.groups()) {
            Questions.require(group.errorCode(), "Describing group " + group.groupId());
            groups.add(new ConsumerGroup(
                    group.groupId(),
                    group.groupState(),
                    group.protocolType(),
                    group.protocolData(),
                    members(group),
                    positions.getOrDefault(group.groupId(), List.of())));
        }
        return groups;
    }

    private Map<String, List<GroupPosition>> positions(int broker, List<String> ids) {
        OffsetFetchResponse fetched = questions.ask(
                broker,
                ApiKey.OFFSET_FETCH,
                POSITIONS_VERSION,
                new OffsetFetchRequest(
                        "",
                        List.of(),
                        ids.stream()
                                .map(id -> new OffsetFetchRequestGroup(id, null, -1, null))
                                .toList(),
                        false),
                OffsetFetchResponse.class);
        SortedMap<TopicPartition, StoredPartition.Span> ends = new TreeMap<>();
        fetched.groups()
                .forEach(group -> group.topics()
                        .forEach(topic -> topic.partitions()
                                .forEach(committed -> ends.put(
                                        new TopicPartition(topic.name(), committed.partitionIndex()),
                                        StoredPartition.Span.UNKNOWN))));
        ends.putAll(spans.of(List.copyOf(ends.keySet())));
        Map<String, List<GroupPosition>> positions = new TreeMap<>();
        for (OffsetFetchResponseGroup group : fetched.groups()) {
            Questions.require(group.errorCode(), "Reading the positions of group " + group.groupId());
            positions.put(group.groupId(), positions(group, ends));
        }
        return positions;
    }

    private static List<GroupPosition> positions(
            OffsetFetchResponseGroup group, Map<TopicPartition, StoredPartition.Span> ends) {
        List<GroupPosition> positions = new ArrayList<>();
        for (OffsetFetchResponseTopics topic : group.topics()) {
            for (OffsetFetchResponsePartitions partition : topic.partitions()) {
                if (partition.errorCode() == ErrorCode.NONE && partition.committedOffset() >= 0) {
                    TopicPartition id = new TopicPartition(topic.name(), partition.partitionIndex());
                    positions.add(new GroupPosition(
                            id.topic(),
                            id.partition(),
                            partition.committedOffset(),
                            ends.get(id).end(),
                            partition.metadata()));
                }
            }
        }
        positions.sort(Comparator.comparing(GroupPosition::topic).thenComparing(GroupPosition::partition));
        return List.copyOf(positions);
    }

    private static List<GroupMember> members(DescribedGroup group) {
        boolean consumers = group.protocolType().equals(CONSUMERS);
        List<GroupMember> members = new ArrayList<>(group.members().size());
        for (DescribedGroupMember member : group.members()) {
            members.add(new GroupMember(
                    member.memberId(),
                    member.groupInstanceId(),
                    member.clientId(),
                    member.clientHost(),
                    consumers ? assigned(member.memberAssignment()) : List.of()));
        }
        members.sort(Comparator.comparing(GroupMember::id));
        return List.copyOf(members);
    }

    /** Later versions have the fields of the last one known first. What a member's leader made up is no assignment. */
    private static List<TopicPartition> assigned(ByteBuffer bytes) {
        List<TopicPartition> assigned = new ArrayList<>();
        if (bytes.hasRemaining()) {
            try {
                WireReader in = new WireReader(bytes.duplicate());
                short version = (short) Math.min(in.readInt16(), ConsumerProtocolAssignmentCodec.MAX_VERSION);
                ConsumerProtocolAssignment read = ConsumerProtocolAssignmentCodec.read(in, version);
                read.assignedPartitions()
                        .forEach(topic -> topic.partitions()
                                .forEach(index -> assigned.add(new TopicPartition(topic.topic(), index))));
            } catch (MalformedMessageException foreign) {
                return List.of();
            }
        }
        assigned.sort(Comparator.naturalOrder());
        return List.copyOf(assigned);
    }
}
