package io.odradek.server.embedded;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.DeleteGroupsRequest;
import io.odradek.protocol.api.DeleteGroupsResponse;
import io.odradek.protocol.api.DescribeGroupsRequest;
import io.odradek.protocol.api.DescribeGroupsResponse;
import io.odradek.protocol.api.DescribeGroupsResponse.DescribedGroup;
import io.odradek.protocol.api.LeaveGroupRequest;
import io.odradek.protocol.api.LeaveGroupRequest.MemberIdentity;
import io.odradek.protocol.api.LeaveGroupResponse;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.ListGroupsResponse;
import io.odradek.protocol.api.ListGroupsResponse.ListedGroup;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.inspect.Questions;
import java.util.List;

/** Removes groups with their members and positions, whatever these do. */
final class GroupCommands {
    private static final int LIST_VERSION = 4;
    private static final int DESCRIBE_VERSION = 5;
    private static final int LEAVE_VERSION = 5;
    private static final int DELETE_VERSION = 2;
    private static final int MOST_TRIES = 10;

    private final Questions questions;

    GroupCommands(Questions questions) {
        this.questions = questions;
    }

    /** Removes all groups. One whose members are back at once stays, without what was there before them. */
    void deleteAll() {
        for (int broker : questions.ids()) {
            List<String> left = questions.patiently(() -> list(broker));
            for (int tries = 0; !left.isEmpty() && tries < MOST_TRIES; tries++) {
                List<String> groups = left;
                left = questions.patiently(() -> delete(broker, groups));
            }
        }
    }

    private List<String> list(int broker) {
        ListGroupsResponse listed = questions.ask(
                broker,
                ApiKey.LIST_GROUPS,
                LIST_VERSION,
                new ListGroupsRequest(List.of(), List.of()),
                ListGroupsResponse.class);
        Questions.require(listed.errorCode(), "Listing groups", null);
        return listed.groups().stream().map(ListedGroup::groupId).toList();
    }

    /** {@return those whose members were back before their group was deleted} */
    private List<String> delete(int broker, List<String> groups) {
        DescribeGroupsResponse described = questions.ask(
                broker,
                ApiKey.DESCRIBE_GROUPS,
                DESCRIBE_VERSION,
                new DescribeGroupsRequest(groups, false),
                DescribeGroupsResponse.class);
        for (DescribedGroup group : described.groups()) {
            if (!group.members().isEmpty()) {
                questions.ask(
                        broker,
                        ApiKey.LEAVE_GROUP,
                        LEAVE_VERSION,
                        new LeaveGroupRequest(
                                group.groupId(),
                                "",
                                group.members().stream()
                                        .map(member -> new MemberIdentity(
                                                member.memberId(), member.groupInstanceId(), "the brokers are reset"))
                                        .toList()),
                        LeaveGroupResponse.class);
            }
        }
        return questions
                .ask(
                        broker,
                        ApiKey.DELETE_GROUPS,
                        DELETE_VERSION,
                        new DeleteGroupsRequest(groups),
                        DeleteGroupsResponse.class)
                .results()
                .stream()
                .filter(result -> result.errorCode() != ErrorCode.GROUP_ID_NOT_FOUND)
                .filter(result -> {
                    if (result.errorCode() != ErrorCode.NON_EMPTY_GROUP) {
                        Questions.require(result.errorCode(), "The deletion of group " + result.groupId(), null);
                    }
                    return result.errorCode() == ErrorCode.NON_EMPTY_GROUP;
                })
                .map(DeleteGroupsResponse.DeletableGroupResult::groupId)
                .toList();
    }
}
