package io.odradek.core.coordinator.group;

import io.odradek.core.coordinator.runtime.CoordinatorResult;
import io.odradek.protocol.api.SyncGroupRequest;
import io.odradek.protocol.api.SyncGroupRequest.SyncGroupRequestAssignment;
import io.odradek.protocol.api.SyncGroupResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.persisted.GroupMetadataValue;
import io.odradek.protocol.wire.WireReader;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * SyncGroup, versions 0 to 5. The leader brings the assignment, which is stored; the answers of all members wait until that
 * is committed. If it cannot be stored, everyone is sent back to join again. One that a new coordinator has found in its log
 * is told once it is known to be committed, as it may still disappear, and its generation begin once more.
 *
 * <p>Errors: UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION, INCONSISTENT_GROUP_PROTOCOL (from version 5 on
 * the names must be there and right), REBALANCE_IN_PROGRESS, and what storing the assignment failed with:
 * COORDINATOR_NOT_AVAILABLE also while there is no memory for it.
 */
final class Syncs {
    private static final short NAMES_REQUIRED_SINCE = 5;

    private final Services services;
    private final GroupDirectory directory;
    private final Rebalances rebalances;

    Syncs(Services services, GroupDirectory directory, Rebalances rebalances) {
        this.services = services;
        this.directory = directory;
        this.rebalances = rebalances;
    }

    void sync(SyncGroupRequest request, Caller caller, Consumer<SyncGroupResponse> reply) {
        Group group = directory.find(request.groupId());
        ErrorCode error = check(group, request, caller);
        if (error != ErrorCode.NONE) {
            reply.accept(SyncResponses.error(error));
            return;
        }
        Member member = group.member(request.memberId());
        switch (group.state()) {
            case PREPARING_REBALANCE -> reply.accept(SyncResponses.error(ErrorCode.REBALANCE_IN_PROGRESS));
            case COMPLETING_REBALANCE -> {
                group.awaitSync(member, reply);
                rebalances.synced(group, member);
                if (group.isLeader(member.id())) {
                    store(group, request.assignments());
                }
            }
            case STABLE -> {
                rebalances.synced(group, member);
                rebalances.sessions().touch(group, member);
                SyncGroupResponse assignment = SyncResponses.assignment(group, member);
                services.context().complete(CoordinatorResult.read(assignment), SyncResponses::error, reply);
            }
            case EMPTY, DEAD -> reply.accept(SyncResponses.error(ErrorCode.UNKNOWN_MEMBER_ID));
        }
    }

    private static ErrorCode check(Group group, SyncGroupRequest request, Caller caller) {
        if (caller.version() >= NAMES_REQUIRED_SINCE
                && (request.protocolType() == null || request.protocolName() == null)) {
            return ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
        }
        if (group == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        ErrorCode error =
                Membership.check(group, request.memberId(), request.groupInstanceId(), request.generationId());
        if (error != ErrorCode.NONE) {
            return error;
        }
        boolean sameType =
                request.protocolType() == null || request.protocolType().equals(group.protocolType());
        boolean sameName =
                request.protocolName() == null || request.protocolName().equals(group.protocol());
        return sameType && sameName ? ErrorCode.NONE : ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
    }

    private void store(Group group, List<SyncGroupRequestAssignment> assignments) {
        Map<String, ByteBuffer> byMember = new HashMap<>();
        for (SyncGroupRequestAssignment assignment : assignments) {
            byMember.put(assignment.memberId(), assignment.assignment());
        }
        GroupMetadataValue value = group.toStored(member -> byMember.getOrDefault(member.id(), WireReader.NO_BYTES));
        int generation = group.generation();
        // The assignments are held twice: as they are stored, and by the members.
        long growth = directory.stored().growth(group.id(), value) + assignedBytes(group, byMember);
        Consumer<ErrorCode> done = error -> stored(group, generation, byMember, error);
        Runnable append = () -> services.context().append(List.of(GroupRecords.group(group.id(), value)), done);
        if (!services.memory().grow(growth, "An assignment", group.id(), append)) {
            done.accept(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        }
    }

    private static long assignedBytes(Group group, Map<String, ByteBuffer> assignments) {
        long bytes = 0;
        for (Member member : group.members()) {
            bytes += assignments.getOrDefault(member.id(), WireReader.NO_BYTES).remaining()
                    - member.assignment().remaining();
        }
        return bytes;
    }

    private void stored(Group group, int generation, Map<String, ByteBuffer> assignments, ErrorCode error) {
        if (!group.is(GroupState.COMPLETING_REBALANCE) || group.generation() != generation) {
            return;
        }
        if (error != ErrorCode.NONE) {
            rebalances.resetAssignments(
                    group, error == ErrorCode.MESSAGE_TOO_LARGE ? ErrorCode.UNKNOWN_SERVER_ERROR : error);
            rebalances.prepare(group);
            return;
        }
        group.become(GroupState.STABLE, services.clock().wallMs());
        for (Member member : group.members()) {
            group.assign(member, assignments.getOrDefault(member.id(), WireReader.NO_BYTES));
            if (group.answerSync(member, SyncResponses.assignment(group, member))) {
                rebalances.sessions().touch(group, member);
            }
        }
    }
}
