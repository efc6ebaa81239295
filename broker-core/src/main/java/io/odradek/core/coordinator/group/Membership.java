package io.odradek.core.coordinator.group;

import io.odradek.protocol.errors.ErrorCode;

/** Whether a request comes from whom it says: pure checks. */
final class Membership {
    private Membership() {}

    /**
     * Checks member id and instance id against the group.
     *
     * @param groupInstanceId may be null
     * @return NONE, UNKNOWN_MEMBER_ID, or FENCED_INSTANCE_ID if the instance id belongs to another member id by now
     */
    static ErrorCode check(Group group, String memberId, String groupInstanceId) {
        if (groupInstanceId != null) {
            String current = group.staticMemberId(groupInstanceId);
            if (current == null) {
                return ErrorCode.UNKNOWN_MEMBER_ID;
            }
            return current.equals(memberId) ? ErrorCode.NONE : ErrorCode.FENCED_INSTANCE_ID;
        }
        return group.member(memberId) == null ? ErrorCode.UNKNOWN_MEMBER_ID : ErrorCode.NONE;
    }

    /** Checks member, then generation: also ILLEGAL_GENERATION. */
    static ErrorCode check(Group group, String memberId, String groupInstanceId, int generation) {
        ErrorCode error = check(group, memberId, groupInstanceId);
        if (error != ErrorCode.NONE) {
            return error;
        }
        return generation == group.generation() ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
    }

    /** {@return whether a member may join without the group growing beyond its bound} */
    static boolean hasRoomFor(Group group, String memberId, int maxSize) {
        Member member = group.member(memberId);
        return switch (group.state()) {
            case EMPTY, DEAD -> true;
            case PREPARING_REBALANCE ->
                (member != null && member.isAwaitingJoin()) || group.awaitingJoinCount() < maxSize;
            case COMPLETING_REBALANCE, STABLE -> member != null || group.size() < maxSize;
        };
    }
}
