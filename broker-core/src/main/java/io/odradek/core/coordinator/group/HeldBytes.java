package io.odradek.core.coordinator.group;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.JoinGroupRequest.JoinGroupRequestProtocol;
import io.odradek.protocol.persisted.GroupMetadataValue;
import io.odradek.protocol.persisted.GroupMetadataValue.MemberMetadata;
import java.nio.ByteBuffer;

/** What things take of the heap, in bytes: estimates from above, with their objects, maps and timers. */
final class HeldBytes {
    private static final int STRING = 48;
    private static final int BUFFER = 72;
    private static final int POSITION = 128;
    private static final int PROTOCOL = 96;
    private static final int STORED_MEMBER = 128;
    private static final int GENERATION = 160;
    private static final int MEMBER = 512;
    private static final int PENDING_MEMBER = 256;
    private static final int GROUP = 1_024;

    private HeldBytes() {}

    static long of(String text) {
        return text == null || text.isEmpty() ? 0 : STRING + (long) Character.BYTES * text.length();
    }

    static long of(ByteBuffer bytes) {
        return BUFFER + bytes.remaining();
    }

    static long position(TopicPartition partition, CommittedOffset committed) {
        return POSITION + of(partition.topic()) + of(committed.metadata());
    }

    static long generation(GroupMetadataValue stored) {
        long bytes = GENERATION + of(stored.protocolType()) + of(stored.protocol()) + of(stored.leader());
        for (MemberMetadata member : stored.members()) {
            bytes += STORED_MEMBER
                    + of(member.memberId())
                    + of(member.groupInstanceId())
                    + of(member.clientId())
                    + of(member.clientHost())
                    + of(member.subscription())
                    + of(member.assignment());
        }
        return bytes;
    }

    static long profile(Member.Profile profile) {
        long bytes = of(profile.clientId()) + of(profile.clientHost());
        for (JoinGroupRequestProtocol protocol : profile.protocols()) {
            bytes += PROTOCOL + of(protocol.name()) + of(protocol.metadata());
        }
        return bytes;
    }

    /** {@return what a member takes besides its profile and its assignment} */
    static long member(String memberId, String groupInstanceId) {
        return MEMBER + of(memberId) + of(groupInstanceId);
    }

    /** {@return what a member id takes that is given out} */
    static long pendingMember(String memberId) {
        return PENDING_MEMBER + of(memberId);
    }

    /** {@return what a group takes without members} */
    static long group(String groupId) {
        return GROUP + of(groupId);
    }
}
