package io.odradek.core.coordinator.group;

import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.JoinGroupResponse.JoinGroupResponseMember;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** The answers to JoinGroup. */
final class JoinResponses {
    private static final int NO_GENERATION = -1;

    private JoinResponses() {}

    static JoinGroupResponse error(String memberId, ErrorCode error) {
        return new JoinGroupResponse(error, NO_GENERATION, null, "", "", false, memberId, List.of());
    }

    /** {@return what a member learns of the present generation: the leader learns of all members} */
    static JoinGroupResponse generation(Group group, Member member) {
        boolean leads = group.isLeader(member.id());
        return of(group, member.id(), group.leader(), leads ? all(group) : List.of(), false);
    }

    /** {@return what a static member learns that comes back to a stable group: the leader must not assign again} */
    static JoinGroupResponse skippingAssignment(Group group, Member member) {
        boolean leads = group.isLeader(member.id());
        return of(group, member.id(), group.leader(), leads ? all(group) : List.of(), leads);
    }

    /** {@return what a static member learns that comes back to a stable group and cannot be told to skip the assignment: the old leader's name} */
    static JoinGroupResponse underOldLeader(Group group, Member member, String oldLeader) {
        return of(group, member.id(), oldLeader, List.of(), false);
    }

    private static JoinGroupResponse of(
            Group group, String memberId, String leader, List<JoinGroupResponseMember> members, boolean skip) {
        return new JoinGroupResponse(
                ErrorCode.NONE,
                group.generation(),
                group.protocolType(),
                group.protocol(),
                leader == null ? "" : leader,
                skip,
                memberId,
                members);
    }

    private static List<JoinGroupResponseMember> all(Group group) {
        List<JoinGroupResponseMember> members = new ArrayList<>(group.size());
        for (Member member : group.members()) {
            members.add(new JoinGroupResponseMember(
                    member.id(), member.groupInstanceId(), member.metadata(group.protocol())));
        }
        return members;
    }
}
