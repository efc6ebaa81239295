package io.odradek.core.coordinator.group;

import io.odradek.core.coordinator.runtime.CoordinatorRecord;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import java.util.List;
import java.util.function.Consumer;

/**
 * A static member that joins without a member id takes the place of its former self (KIP-345): whoever still speaks under
 * the old member id is fenced. In a stable group whose choice of protocol does not change there is no rebalance; the new
 * member id is stored, and the member gets its former assignment. A leader that comes back so is told to skip the
 * assignment (version 9, KIP-814); before that it is told the old leader's id, so that it does not assign either.
 */
final class StaticMembers {
    private static final short SKIP_ASSIGNMENT_SINCE = 9;

    private final Services services;
    private final Rebalances rebalances;

    StaticMembers(Services services, Rebalances rebalances) {
        this.services = services;
        this.rebalances = rebalances;
    }

    void replace(
            Group group,
            Member member,
            String newId,
            Member.Profile profile,
            Caller caller,
            Consumer<JoinGroupResponse> reply) {
        String oldId = member.id();
        String oldLeader = group.leader();
        Member.Profile oldProfile = member.profile();
        group.answerJoin(member, JoinResponses.error(oldId, ErrorCode.FENCED_INSTANCE_ID));
        group.answerSync(member, SyncResponses.error(ErrorCode.FENCED_INSTANCE_ID));
        group.rename(member, newId);
        group.update(member, profile);
        rebalances.sessions().touch(group, member);
        switch (group.state()) {
            case STABLE -> {
                if (group.electProtocol().equals(group.protocol())) {
                    store(group, member, caller, oldLeader, new Former(oldId, oldProfile), reply);
                } else {
                    group.awaitJoin(member, reply);
                    rebalances.maybePrepare(group);
                }
            }
            case COMPLETING_REBALANCE -> {
                group.awaitJoin(member, reply);
                rebalances.prepare(group);
            }
            case PREPARING_REBALANCE -> group.awaitJoin(member, reply);
            case EMPTY, DEAD ->
                throw new IllegalStateException("Group " + group.id() + " is " + group.state() + " but has members");
        }
    }

    /** What a member was before it was replaced. */
    private record Former(String id, Member.Profile profile) {}

    private void store(
            Group group,
            Member member,
            Caller caller,
            String oldLeader,
            Former former,
            Consumer<JoinGroupResponse> reply) {
        CoordinatorRecord record = GroupRecords.group(group.id(), group.toStored(Member::assignment));
        String newId = member.id();
        services.context().append(List.of(record), error -> {
            if (error != ErrorCode.NONE) {
                services.refusals()
                        .warn("The new id of static member " + Quoted.text(member.groupInstanceId()) + " of group "
                                + Quoted.text(group.id()) + " could not be stored: " + error);
                revert(group, member, newId, former);
                reply.accept(JoinResponses.error("", error));
            } else if (group.member(newId) != member) {
                reply.accept(JoinResponses.error(newId, ErrorCode.UNKNOWN_MEMBER_ID));
            } else if (caller.version() >= SKIP_ASSIGNMENT_SINCE) {
                reply.accept(JoinResponses.skippingAssignment(group, member));
            } else {
                reply.accept(JoinResponses.underOldLeader(group, member, oldLeader));
            }
        });
    }

    private void revert(Group group, Member member, String newId, Former former) {
        if (group.member(newId) == member) {
            group.rename(member, former.id());
            group.update(member, former.profile());
            rebalances.sessions().touch(group, member);
        }
    }
}
