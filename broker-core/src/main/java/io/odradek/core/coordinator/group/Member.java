package io.odradek.core.coordinator.group;

import io.odradek.protocol.api.JoinGroupRequest.JoinGroupRequestProtocol;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.SyncGroupResponse;
import io.odradek.protocol.persisted.GroupMetadataValue.MemberMetadata;
import io.odradek.protocol.wire.WireReader;
import io.odradek.storage.env.EventLoop.Timeout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/** A member of a group: what it told of itself, what it was given, and which of its requests wait for an answer. */
final class Member {
    /**
     * What a member told of itself when it joined.
     *
     * @param clientId its client's name for itself
     * @param clientHost where it connected from
     * @param rebalanceTimeoutMs how long it may take to join again
     * @param sessionTimeoutMs without a heartbeat for so long it counts as dead
     * @param protocols the assignors it supports, preferred first
     */
    record Profile(
            String clientId,
            String clientHost,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs,
            List<JoinGroupRequestProtocol> protocols) {
        /** {@return the bytes of its protocols and their names} */
        long metadataBytes() {
            long bytes = 0;
            for (JoinGroupRequestProtocol protocol : protocols) {
                bytes += protocol.name().length() + protocol.metadata().remaining();
            }
            return bytes;
        }
    }

    private final String groupInstanceId;
    private String id;
    private Profile profile;
    private ByteBuffer assignment = WireReader.NO_BYTES;
    private Consumer<JoinGroupResponse> awaitingJoin;
    private Consumer<SyncGroupResponse> awaitingSync;
    private boolean isNew;
    private final Session session = new Session();

    /** When a member counts as dead: kept by {@link Sessions}. */
    static final class Session {
        long deadlineNs;
        long armedForNs;
        Timeout timer;

        void cancel() {
            if (timer != null) {
                timer.cancel();
                timer = null;
            }
        }
    }

    Member(String id, String groupInstanceId, Profile profile) {
        this.id = id;
        this.groupInstanceId = groupInstanceId;
        this.profile = profile;
    }

    /** {@return a member as a stored generation has it} */
    static Member restored(MemberMetadata stored, String protocol) {
        int rebalanceTimeoutMs = stored.rebalanceTimeout() < 0 ? stored.sessionTimeout() : stored.rebalanceTimeout();
        var only = new JoinGroupRequestProtocol(protocol == null ? "" : protocol, stored.subscription());
        var member = new Member(
                stored.memberId(),
                stored.groupInstanceId(),
                new Profile(
                        stored.clientId(),
                        stored.clientHost(),
                        Math.max(rebalanceTimeoutMs, 0),
                        Math.max(stored.sessionTimeout(), 0),
                        List.of(only)));
        member.assignment = stored.assignment();
        return member;
    }

    MemberMetadata toStored(String protocol, ByteBuffer newAssignment) {
        return new MemberMetadata(
                id,
                groupInstanceId,
                profile.clientId(),
                profile.clientHost(),
                profile.rebalanceTimeoutMs(),
                profile.sessionTimeoutMs(),
                metadata(protocol),
                newAssignment);
    }

    String id() {
        return id;
    }

    /** A static member comes back under another id. */
    void rename(String newId) {
        id = newId;
    }

    /** {@return what it takes of the heap} */
    long heldBytes() {
        return HeldBytes.member(id, groupInstanceId) + HeldBytes.profile(profile) + HeldBytes.of(assignment);
    }

    String groupInstanceId() {
        return groupInstanceId;
    }

    boolean isStatic() {
        return groupInstanceId != null;
    }

    Profile profile() {
        return profile;
    }

    void profile(Profile newProfile) {
        profile = newProfile;
    }

    ByteBuffer assignment() {
        return assignment;
    }

    void assignment(ByteBuffer newAssignment) {
        assignment = newAssignment;
    }

    Session session() {
        return session;
    }

    /** {@return whether it has not been in a generation yet} */
    boolean isNew() {
        return isNew;
    }

    void isNew(boolean value) {
        isNew = value;
    }

    /** {@return what it sent under the protocol, or no bytes} */
    ByteBuffer metadata(String protocol) {
        for (JoinGroupRequestProtocol candidate : profile.protocols()) {
            if (candidate.name().equals(protocol)) {
                return candidate.metadata();
            }
        }
        return WireReader.NO_BYTES;
    }

    /** {@return whether it would join with exactly what it told before} */
    boolean matches(List<JoinGroupRequestProtocol> protocols) {
        return profile.protocols().equals(protocols);
    }

    boolean isAwaitingJoin() {
        return awaitingJoin != null;
    }

    boolean isAwaitingSync() {
        return awaitingSync != null;
    }

    /** {@return the JoinGroup answer that was awaited until now, or null} */
    Consumer<JoinGroupResponse> swapAwaitingJoin(Consumer<JoinGroupResponse> reply) {
        Consumer<JoinGroupResponse> before = awaitingJoin;
        awaitingJoin = reply;
        return before;
    }

    /** {@return the SyncGroup answer that was awaited until now, or null} */
    Consumer<SyncGroupResponse> swapAwaitingSync(Consumer<SyncGroupResponse> reply) {
        Consumer<SyncGroupResponse> before = awaitingSync;
        awaitingSync = reply;
        return before;
    }
}
