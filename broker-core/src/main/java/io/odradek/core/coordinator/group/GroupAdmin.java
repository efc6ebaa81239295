package io.odradek.core.coordinator.group;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.DescribeGroupsResponse.DescribedGroup;
import io.odradek.protocol.api.DescribeGroupsResponse.DescribedGroupMember;
import io.odradek.protocol.api.ListGroupsResponse.ListedGroup;
import io.odradek.protocol.api.OffsetDeleteRequest;
import io.odradek.protocol.api.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.odradek.protocol.api.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.odradek.protocol.api.OffsetDeleteResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.WireReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * DescribeGroups 0 to 5, ListGroups 0 to 5, DeleteGroups 0 to 2 and OffsetDelete 0, for the groups of one shard.
 *
 * <p>A group that does not exist is described as Dead, without an error. Deleting answers GROUP_ID_NOT_FOUND or
 * NON_EMPTY_GROUP, the latter also while a transaction that is open has a position of the group; deleting positions also
 * GROUP_SUBSCRIBED_TO_TOPIC and UNKNOWN_TOPIC_OR_PARTITION for each partition.
 */
final class GroupAdmin {
    /** The type of groups of the classic protocol in ListGroups. */
    static final String CLASSIC = "classic";

    private static final int NO_AUTHORIZED_OPERATIONS = Integer.MIN_VALUE;

    private final GroupDirectory directory;
    private final Tombstones tombstones;

    GroupAdmin(GroupDirectory directory, Tombstones tombstones) {
        this.directory = directory;
        this.tombstones = tombstones;
    }

    static DescribedGroup describeError(String groupId, ErrorCode error) {
        return described(groupId, error, "", "", "", List.of());
    }

    DescribedGroup describe(String groupId) {
        Group group = directory.find(groupId);
        if (group == null) {
            return described(groupId, ErrorCode.NONE, GroupState.DEAD.text(), "", "", List.of());
        }
        boolean stable = group.is(GroupState.STABLE);
        List<DescribedGroupMember> members = new ArrayList<>(group.size());
        for (Member member : group.members()) {
            members.add(new DescribedGroupMember(
                    member.id(),
                    member.groupInstanceId(),
                    member.profile().clientId(),
                    member.profile().clientHost(),
                    stable ? member.metadata(group.protocol()) : WireReader.NO_BYTES,
                    stable ? member.assignment() : WireReader.NO_BYTES));
        }
        return described(
                groupId, ErrorCode.NONE, group.state().text(), typeOf(group), stable ? group.protocol() : "", members);
    }

    private static DescribedGroup described(
            String groupId,
            ErrorCode error,
            String state,
            String type,
            String protocol,
            List<DescribedGroupMember> members) {
        return new DescribedGroup(error, groupId, state, type, protocol, members, NO_AUTHORIZED_OPERATIONS);
    }

    private static String typeOf(Group group) {
        return group.protocolType() == null ? "" : group.protocolType();
    }

    /** {@return the groups whose state is one of those, or all, ascending by id} @param states in lower case */
    List<ListedGroup> list(Set<String> states) {
        List<ListedGroup> listed = new ArrayList<>();
        for (Group group : directory.all()) {
            String state = group.state().text();
            if (states.isEmpty() || states.contains(state.toLowerCase(Locale.ROOT))) {
                listed.add(new ListedGroup(group.id(), typeOf(group), state, CLASSIC));
            }
        }
        return listed;
    }

    /** {@return names as a set in which case does not count} */
    static Set<String> lowerCase(List<String> names) {
        Set<String> lower = new TreeSet<>();
        for (String name : names) {
            lower.add(name.toLowerCase(Locale.ROOT));
        }
        return lower;
    }

    void delete(String groupId, Consumer<ErrorCode> reply) {
        Group group = directory.find(groupId);
        if (group == null) {
            reply.accept(ErrorCode.GROUP_ID_NOT_FOUND);
        } else if (!group.is(GroupState.EMPTY) || directory.stored().pending().has(groupId)) {
            reply.accept(ErrorCode.NON_EMPTY_GROUP);
        } else {
            tombstones.removeGroup(group, reply);
        }
    }

    void deleteOffsets(
            OffsetDeleteRequest request, Predicate<TopicPartition> exists, Consumer<OffsetDeleteResponse> reply) {
        Group group = directory.find(request.groupId());
        if (group == null) {
            reply.accept(OffsetResponses.deleteError(ErrorCode.GROUP_ID_NOT_FOUND));
            return;
        }
        if (!group.is(GroupState.EMPTY) && !Subscriptions.CONSUMER.equals(group.protocolType())) {
            reply.accept(OffsetResponses.deleteError(ErrorCode.NON_EMPTY_GROUP));
            return;
        }
        Predicate<TopicPartition> inUse = inUse(group, request);
        tombstones.removeOffsets(group.id(), removable(request, exists, inUse), error -> {
            if (error == ErrorCode.NONE) {
                reply.accept(OffsetResponses.delete(request, id -> check(id, exists, inUse)));
            } else {
                reply.accept(OffsetResponses.deleteError(error));
            }
        });
    }

    private static Predicate<TopicPartition> inUse(Group group, OffsetDeleteRequest request) {
        if (group.is(GroupState.EMPTY)) {
            return id -> false;
        }
        Set<String> topics = new TreeSet<>();
        request.topics().forEach(topic -> topics.add(topic.name()));
        Set<String> subscribed = group.subscribed(topics);
        return id -> subscribed == null || subscribed.contains(id.topic());
    }

    private List<TopicPartition> removable(
            OffsetDeleteRequest request, Predicate<TopicPartition> exists, Predicate<TopicPartition> inUse) {
        SortedSet<TopicPartition> stored = directory.stored().partitions(request.groupId());
        List<TopicPartition> removable = new ArrayList<>();
        for (OffsetDeleteRequestTopic topic : request.topics()) {
            for (OffsetDeleteRequestPartition partition : topic.partitions()) {
                TopicPartition id = new TopicPartition(topic.name(), partition.partitionIndex());
                if (check(id, exists, inUse) == ErrorCode.NONE && stored.contains(id)) {
                    removable.add(id);
                }
            }
        }
        return removable;
    }

    private static ErrorCode check(
            TopicPartition id, Predicate<TopicPartition> exists, Predicate<TopicPartition> inUse) {
        if (!exists.test(id)) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        return inUse.test(id) ? ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC : ErrorCode.NONE;
    }
}
