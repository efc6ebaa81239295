package io.odradek.core.coordinator.group;

import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.LeaveGroupRequest.MemberIdentity;
import io.odradek.protocol.api.LeaveGroupResponse.MemberResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Heartbeat, versions 0 to 4, and LeaveGroup, versions 0 to 5.
 *
 * <p>A heartbeat's errors: UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION, and REBALANCE_IN_PROGRESS, which
 * asks the member to join again. The errors of leaving, for each member: UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID.
 */
final class Presence {
    private final GroupDirectory directory;
    private final Rebalances rebalances;

    Presence(GroupDirectory directory, Rebalances rebalances) {
        this.directory = directory;
        this.rebalances = rebalances;
    }

    ErrorCode heartbeat(HeartbeatRequest request) {
        Group group = directory.find(request.groupId());
        if (group == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        ErrorCode error =
                Membership.check(group, request.memberId(), request.groupInstanceId(), request.generationId());
        if (error != ErrorCode.NONE) {
            return error;
        }
        rebalances.sessions().touch(group, group.member(request.memberId()));
        return group.is(GroupState.PREPARING_REBALANCE) ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
    }

    /** Lets members go: by member id, or, for an administrator, by instance id alone (KIP-345). */
    List<MemberResponse> leave(String groupId, List<MemberIdentity> leaving) {
        Group group = directory.find(groupId);
        List<MemberResponse> results = new ArrayList<>(leaving.size());
        for (MemberIdentity identity : leaving) {
            ErrorCode error = group == null ? ErrorCode.UNKNOWN_MEMBER_ID : leave(group, identity);
            results.add(new MemberResponse(identity.memberId(), identity.groupInstanceId(), error));
        }
        return results;
    }

    private ErrorCode leave(Group group, MemberIdentity identity) {
        String memberId = identity.memberId();
        String instanceId = identity.groupInstanceId();
        if (memberId.isEmpty()) {
            memberId = instanceId == null ? null : group.staticMemberId(instanceId);
            if (memberId == null) {
                return ErrorCode.UNKNOWN_MEMBER_ID;
            }
        } else if (rebalances.removePending(group, memberId)) {
            return ErrorCode.NONE;
        }
        ErrorCode error = Membership.check(group, memberId, instanceId);
        if (error == ErrorCode.NONE) {
            rebalances.removeAndRebalance(group, group.member(memberId));
        }
        return error;
    }
}
