package io.odradek.core.coordinator.group;

import io.odradek.protocol.api.JoinGroupRequest;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * JoinGroup, versions 0 to 9. The answer waits until the rebalance that it takes part in has a new generation.
 *
 * <p>Version 0 has no rebalance timeout: the session's is used. From version 4 on a new member without an instance id is
 * given its member id first, with MEMBER_ID_REQUIRED (KIP-394). A static member (KIP-345) that comes back replaces itself;
 * what follows from that is in {@link StaticMembers}.
 *
 * <p>Errors: INVALID_SESSION_TIMEOUT, UNKNOWN_MEMBER_ID, GROUP_MAX_SIZE_REACHED, INCONSISTENT_GROUP_PROTOCOL,
 * MEMBER_ID_REQUIRED, FENCED_INSTANCE_ID, REBALANCE_IN_PROGRESS to a request that a newer one of its member overtakes, and
 * COORDINATOR_NOT_AVAILABLE while there is no memory for what the member tells of itself: it is asked to try again.
 */
final class Joins {
    private static final short MEMBER_ID_REQUIRED_SINCE = 4;
    /** A client's name can be as long as a string of the protocol; with more after it, it would be too long for one. */
    private static final int MAX_NAME_CHARS = 1_024;

    private final Services services;
    private final GroupDirectory directory;
    private final Rebalances rebalances;
    private final StaticMembers staticMembers;

    Joins(Services services, GroupDirectory directory, Rebalances rebalances) {
        this.services = services;
        this.directory = directory;
        this.rebalances = rebalances;
        this.staticMembers = new StaticMembers(services, rebalances);
    }

    void join(JoinGroupRequest request, Caller caller, Consumer<JoinGroupResponse> reply) {
        ErrorCode refusal = refusal(request);
        if (refusal != ErrorCode.NONE) {
            reply.accept(JoinResponses.error(request.memberId(), refusal));
            return;
        }
        Group group = directory.findOrCreate(request.groupId());
        Member.Profile profile = profile(request, caller);
        ErrorCode error = admit(group, request, profile);
        if (error == ErrorCode.GROUP_MAX_SIZE_REACHED) {
            turnAway(group, request.memberId());
            reply.accept(JoinResponses.error("", error));
        } else if (error != ErrorCode.NONE) {
            reply.accept(JoinResponses.error(request.memberId(), error));
        } else {
            Runnable admitted = request.memberId().isEmpty()
                    ? () -> joinNew(group, request, caller, profile, reply)
                    : () -> joinKnown(group, request, profile, reply);
            if (!services.memory().grow(growth(group, request, profile), "A member", group.id(), admitted)) {
                reply.accept(JoinResponses.error(request.memberId(), ErrorCode.COORDINATOR_NOT_AVAILABLE));
            }
        }
        rebalances.maybeComplete(group);
        directory.dropIfUnused(group.id());
    }

    /** {@return by how many bytes the group grows with the member, or with what it tells anew} */
    private static long growth(Group group, JoinGroupRequest request, Member.Profile profile) {
        Member present = group.present(request.memberId(), request.groupInstanceId());
        return present == null
                ? HeldBytes.member(profile.clientId(), request.groupInstanceId()) + HeldBytes.profile(profile)
                : HeldBytes.profile(profile) - HeldBytes.profile(present.profile());
    }

    private ErrorCode refusal(JoinGroupRequest request) {
        GroupSettings.Sessions bounds = services.settings().sessions();
        if (request.sessionTimeoutMs() < bounds.minTimeoutMs() || request.sessionTimeoutMs() > bounds.maxTimeoutMs()) {
            return ErrorCode.INVALID_SESSION_TIMEOUT;
        }
        boolean isUnknown =
                directory.find(request.groupId()) == null && !request.memberId().isEmpty();
        return isUnknown ? ErrorCode.UNKNOWN_MEMBER_ID : ErrorCode.NONE;
    }

    private ErrorCode admit(Group group, JoinGroupRequest request, Member.Profile profile) {
        GroupSettings.Limits limits = services.settings().limits();
        Member present = group.present(request.memberId(), request.groupInstanceId());
        long addedBytes = profile.metadataBytes()
                - (present == null ? 0 : present.profile().metadataBytes());
        if (!Membership.hasRoomFor(group, request.memberId(), limits.maxSize())
                || group.metadataBytes() + addedBytes > limits.maxMetadataBytes()) {
            return ErrorCode.GROUP_MAX_SIZE_REACHED;
        }
        return group.supports(request.protocolType(), request.protocols())
                ? ErrorCode.NONE
                : ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
    }

    /** Whom there is no room for is no member any more: the others are not to wait for it until its time to join is over. */
    private void turnAway(Group group, String memberId) {
        Member member = group.member(memberId);
        if (member == null) {
            group.removePending(memberId);
        } else {
            rebalances.removeAndRebalance(group, member);
        }
    }

    private void joinNew(
            Group group,
            JoinGroupRequest request,
            Caller caller,
            Member.Profile profile,
            Consumer<JoinGroupResponse> reply) {
        String instanceId = request.groupInstanceId();
        String memberId = newMemberId(instanceId == null ? caller.clientName() : instanceId);
        if (instanceId != null) {
            String oldId = group.staticMemberId(instanceId);
            if (oldId == null) {
                add(group, new Member(memberId, instanceId, profile), request.protocolType(), reply);
            } else {
                staticMembers.replace(group, group.member(oldId), memberId, profile, caller, reply);
            }
        } else if (caller.version() < MEMBER_ID_REQUIRED_SINCE) {
            add(group, new Member(memberId, null, profile), request.protocolType(), reply);
        } else if (group.pendingMembers() >= services.settings().limits().maxPendingMembers()) {
            reply.accept(JoinResponses.error("", ErrorCode.GROUP_MAX_SIZE_REACHED));
        } else {
            rebalances.addPending(group, memberId, request.sessionTimeoutMs());
            reply.accept(JoinResponses.error(memberId, ErrorCode.MEMBER_ID_REQUIRED));
        }
    }

    private void joinKnown(
            Group group, JoinGroupRequest request, Member.Profile profile, Consumer<JoinGroupResponse> reply) {
        String memberId = request.memberId();
        if (request.groupInstanceId() == null && group.removePending(memberId)) {
            add(group, new Member(memberId, null, profile), request.protocolType(), reply);
            return;
        }
        ErrorCode error = Membership.check(group, memberId, request.groupInstanceId());
        if (error != ErrorCode.NONE) {
            reply.accept(JoinResponses.error(memberId, error));
            return;
        }
        Member member = group.member(memberId);
        boolean asBefore = member.matches(profile.protocols());
        switch (group.state()) {
            case PREPARING_REBALANCE -> rejoin(group, member, profile, reply);
            case COMPLETING_REBALANCE -> {
                if (asBefore) {
                    reply.accept(JoinResponses.generation(group, member));
                } else {
                    rejoin(group, member, profile, reply);
                }
            }
            case STABLE -> {
                if (asBefore && !group.isLeader(memberId)) {
                    reply.accept(JoinResponses.generation(group, member));
                } else {
                    rejoin(group, member, profile, reply);
                }
            }
            case EMPTY, DEAD -> reply.accept(JoinResponses.error(memberId, ErrorCode.UNKNOWN_MEMBER_ID));
        }
    }

    private void add(Group group, Member member, String protocolType, Consumer<JoinGroupResponse> reply) {
        member.isNew(true);
        if (group.generation() == 0 && group.timers().inInitialDelay) {
            group.timers().newMemberAdded = true;
        }
        group.add(member, protocolType, reply);
        rebalances.sessions().begin(group, member);
        rebalances.maybePrepare(group);
    }

    private void rejoin(Group group, Member member, Member.Profile profile, Consumer<JoinGroupResponse> reply) {
        group.update(member, profile);
        group.awaitJoin(member, reply);
        rebalances.maybePrepare(group);
    }

    private String newMemberId(String name) {
        Uuid random = services.randoms().nextUuid();
        String prefix = name.length() <= MAX_NAME_CHARS ? name : name.substring(0, MAX_NAME_CHARS);
        return prefix + "-" + new UUID(random.mostSignificantBits(), random.leastSignificantBits());
    }

    private static Member.Profile profile(JoinGroupRequest request, Caller caller) {
        int rebalanceTimeoutMs = caller.version() == 0 ? request.sessionTimeoutMs() : request.rebalanceTimeoutMs();
        return new Member.Profile(
                caller.clientName(),
                caller.clientHost(),
                Math.max(rebalanceTimeoutMs, 0),
                request.sessionTimeoutMs(),
                request.protocols());
    }
}
