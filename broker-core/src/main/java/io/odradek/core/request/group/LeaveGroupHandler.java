package io.odradek.core.request.group;

import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.LeaveGroupRequest;
import io.odradek.protocol.api.LeaveGroupRequest.MemberIdentity;
import io.odradek.protocol.api.LeaveGroupResponse;
import io.odradek.protocol.api.LeaveGroupResponse.MemberResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;

/**
 * LeaveGroup, versions 0 to 5: one member, whose error is the response's, or from version 3 on several.
 *
 * <p>Versions: 1 has the throttle time in the response (KIP-124), which the client observes from 2 on (KIP-219); 3 has several
 * members, by their instance ids too (KIP-345); 4 is flexible (KIP-482); 5 has reasons (KIP-800).
 */
public final class LeaveGroupHandler implements RequestHandler<LeaveGroupRequest> {
    private static final short BATCH_SINCE = 3;

    private final GroupCoordinator coordinator;

    /** @param coordinator the groups of this broker */
    public LeaveGroupHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public void handle(LeaveGroupRequest request, RequestContext context) {
        boolean single = context.header().apiVersion() < BATCH_SINCE;
        List<MemberIdentity> leaving =
                single ? List.of(new MemberIdentity(request.memberId(), null, null)) : request.members();
        coordinator.during(context).leave(request.groupId(), leaving, (error, members) -> {
            ErrorCode answer = single && error == ErrorCode.NONE ? only(members) : error;
            context.respond(new LeaveGroupResponse(answer, single ? List.of() : members));
        });
    }

    private static ErrorCode only(List<MemberResponse> members) {
        return members.get(0).errorCode();
    }
}
