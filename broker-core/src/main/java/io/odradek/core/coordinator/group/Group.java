package io.odradek.core.coordinator.group;

import io.odradek.protocol.api.JoinGroupRequest.JoinGroupRequestProtocol;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.SyncGroupResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.persisted.GroupMetadataValue;
import io.odradek.protocol.persisted.GroupMetadataValue.MemberMetadata;
import io.odradek.storage.env.EventLoop.Timeout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The members of one group and where they stand in the rebalance protocol. What of it must outlive this broker is in
 * {@link StoredGroups}; the rest is made anew when another broker takes over, from the last stored generation.
 *
 * <p>Lives on its shard's loop. Holds the rules of consistency between members; who calls when is in {@link Rebalances}
 * and {@link Joins}.
 */
final class Group {
    private final String id;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<String, String> staticMembers = new TreeMap<>();
    private final Map<String, Timeout> pendingMembers = new TreeMap<>();
    private final SortedSet<String> pendingSync = new TreeSet<>();
    private final ProtocolVotes votes = new ProtocolVotes();
    private final RebalanceTimers timers = new RebalanceTimers();
    private GroupState state = GroupState.EMPTY;
    private long stateSinceMs;
    private int generation;
    private String protocolType;
    private String protocol;
    private String leader;
    private int awaitingJoinCount;
    private long metadataBytes;
    private final GroupMemory memory;
    private long heldBytes;
    private boolean released;

    /** The timers of a rebalance, and how far its initial delay has come. */
    static final class RebalanceTimers {
        Timeout join;
        Timeout sync;
        boolean inInitialDelay;
        int initialDelayLeftMs;
        boolean newMemberAdded;

        void cancelJoin() {
            if (join != null) {
                join.cancel();
                join = null;
            }
        }

        void cancelSync() {
            if (sync != null) {
                sync.cancel();
                sync = null;
            }
        }
    }

    Group(String id, long nowMs, GroupMemory memory) {
        this.id = id;
        this.stateSinceMs = nowMs;
        this.memory = memory;
        holds(HeldBytes.group(id));
    }

    /** {@return a group as its last stored generation has it: stable, or empty without members} */
    static Group restored(String id, GroupMetadataValue stored, GroupMemory memory) {
        Group group = new Group(id, stored.currentStateTimestamp(), memory);
        group.generation = stored.generation();
        for (MemberMetadata member : stored.members()) {
            group.add(Member.restored(member, stored.protocol()), stored.protocolType(), null);
        }
        group.protocolType = stored.protocolType();
        group.protocol = stored.protocol();
        group.leader = stored.leader();
        group.state = stored.members().isEmpty() ? GroupState.EMPTY : GroupState.STABLE;
        return group;
    }

    /** {@return the group's present generation as it is to be stored, with assignments in place of the members' own} */
    GroupMetadataValue toStored(Function<Member, ByteBuffer> assignments) {
        List<MemberMetadata> stored = new ArrayList<>(members.size());
        for (Member member : members.values()) {
            stored.add(member.toStored(protocol, assignments.apply(member)));
        }
        return new GroupMetadataValue(
                protocolType == null ? "" : protocolType, generation, protocol, leader, stateSinceMs, stored);
    }

    private void holds(long moreBytes) {
        if (!released) {
            heldBytes += moreBytes;
            memory.add(moreBytes);
        }
    }

    /** The group is known no longer: what it held is given back, and its timers are stopped. */
    void release() {
        holds(-heldBytes);
        released = true;
        timers.cancelJoin();
        timers.cancelSync();
        pendingMembers.values().forEach(Timeout::cancel);
        members.values().forEach(member -> member.session().cancel());
    }

    String id() {
        return id;
    }

    GroupState state() {
        return state;
    }

    boolean is(GroupState candidate) {
        return state == candidate;
    }

    /** {@return when the group came into its state, milliseconds since the epoch, -1 if unknown} */
    long stateSinceMs() {
        return stateSinceMs;
    }

    void become(GroupState next, long nowMs) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException("Group " + id + " cannot go from " + state + " to " + next);
        }
        state = next;
        stateSinceMs = nowMs;
    }

    int generation() {
        return generation;
    }

    /** {@return what the members are, or null while there never were any} */
    String protocolType() {
        return protocolType;
    }

    String protocol() {
        return protocol;
    }

    /** {@return the leader's member id, or null} */
    String leader() {
        return leader;
    }

    boolean isLeader(String memberId) {
        return memberId.equals(leader);
    }

    /** {@return those of the topics that a member subscribes to, or null if that cannot be told} */
    Set<String> subscribed(Set<String> topics) {
        return Subscriptions.among(topics, protocolType, protocol, members.values());
    }

    RebalanceTimers timers() {
        return timers;
    }

    Collection<Member> members() {
        return members.values();
    }

    int size() {
        return members.size();
    }

    long metadataBytes() {
        return metadataBytes;
    }

    int awaitingJoinCount() {
        return awaitingJoinCount;
    }

    Member member(String memberId) {
        return members.get(memberId);
    }

    /** {@return the member that joins with these ids, null if it is a new one} @param groupInstanceId may be null */
    Member present(String memberId, String groupInstanceId) {
        String known = memberId.isEmpty() && groupInstanceId != null ? staticMembers.get(groupInstanceId) : memberId;
        return known == null ? null : members.get(known);
    }

    /** {@return the id under which a static member is known, or null} */
    String staticMemberId(String groupInstanceId) {
        return staticMembers.get(groupInstanceId);
    }

    /** A member id is given out. @param lapse takes it back */
    void addPending(String memberId, Timeout lapse) {
        pendingMembers.put(memberId, lapse);
        holds(HeldBytes.pendingMember(memberId));
    }

    /** A member id that was given out is taken, or has lapsed. {@return whether it was given out} */
    boolean removePending(String memberId) {
        Timeout lapse = pendingMembers.remove(memberId);
        if (lapse == null) {
            return false;
        }
        lapse.cancel();
        holds(-HeldBytes.pendingMember(memberId));
        return true;
    }

    /** {@return how many member ids are given out to clients that have not come back with them} */
    int pendingMembers() {
        return pendingMembers.size();
    }

    /** {@return the members of this generation that have not sent SyncGroup} */
    SortedSet<String> pendingSync() {
        return pendingSync;
    }

    boolean supports(String type, List<JoinGroupRequestProtocol> protocols) {
        if (members.isEmpty()) {
            return !type.isEmpty() && !protocols.isEmpty();
        }
        return type.equals(protocolType) && votes.anySupportedByAll(protocols, members.size());
    }

    String electProtocol() {
        return votes.elect(members.values());
    }

    /** Adds a member; the first one leads and sets the protocol type. */
    void add(Member member, String type, Consumer<JoinGroupResponse> reply) {
        if (members.isEmpty()) {
            protocolType = type;
        }
        if (leader == null) {
            leader = member.id();
        }
        members.put(member.id(), member);
        if (member.isStatic()) {
            staticMembers.put(member.groupInstanceId(), member.id());
        }
        votes.add(member.profile().protocols());
        metadataBytes += member.profile().metadataBytes();
        holds(member.heldBytes());
        awaitJoin(member, reply);
    }

    /** Replaces what a member told of itself. */
    void update(Member member, Member.Profile profile) {
        votes.remove(member.profile().protocols());
        metadataBytes += profile.metadataBytes() - member.profile().metadataBytes();
        holds(HeldBytes.profile(profile) - HeldBytes.profile(member.profile()));
        member.profile(profile);
        votes.add(profile.protocols());
    }

    /** Forgets a member that awaits no answer; if it led, the member that has been here longest leads. */
    void remove(Member member) {
        members.remove(member.id());
        member.session().cancel();
        pendingSync.remove(member.id());
        votes.remove(member.profile().protocols());
        metadataBytes -= member.profile().metadataBytes();
        holds(-member.heldBytes());
        if (member.isStatic()) {
            staticMembers.remove(member.groupInstanceId(), member.id());
        }
        if (isLeader(member.id())) {
            leader = members.isEmpty() ? null : members.keySet().iterator().next();
        }
    }

    /** A static member comes back under a new id. */
    void rename(Member member, String newId) {
        if (isLeader(member.id())) {
            leader = newId;
        }
        if (pendingSync.remove(member.id())) {
            pendingSync.add(newId);
        }
        members.remove(member.id());
        holds(HeldBytes.of(newId) - HeldBytes.of(member.id()));
        member.rename(newId);
        members.put(newId, member);
        staticMembers.put(member.groupInstanceId(), newId);
    }

    /** Gives a member its assignment, or takes it back with no bytes. */
    void assign(Member member, ByteBuffer assignment) {
        holds(HeldBytes.of(assignment) - HeldBytes.of(member.assignment()));
        member.assignment(assignment);
    }

    /** Parks a JoinGroup answer; an older one of the same member is sent back to try again. */
    void awaitJoin(Member member, Consumer<JoinGroupResponse> reply) {
        Consumer<JoinGroupResponse> older = member.swapAwaitingJoin(reply);
        awaitingJoinCount += (reply == null ? 0 : 1) - (older == null ? 0 : 1);
        if (older != null) {
            older.accept(JoinResponses.error(member.id(), ErrorCode.REBALANCE_IN_PROGRESS));
        }
    }

    /** Answers a member's JoinGroup if it awaits one. */
    void answerJoin(Member member, JoinGroupResponse response) {
        Consumer<JoinGroupResponse> reply = member.swapAwaitingJoin(null);
        if (reply != null) {
            awaitingJoinCount--;
            reply.accept(response);
        }
    }

    /** Parks a SyncGroup answer; an older one of the same member is sent back to try again. */
    void awaitSync(Member member, Consumer<SyncGroupResponse> reply) {
        Consumer<SyncGroupResponse> older = member.swapAwaitingSync(reply);
        if (older != null) {
            older.accept(SyncResponses.error(ErrorCode.REBALANCE_IN_PROGRESS));
        }
    }

    /** Answers a member's SyncGroup if it awaits one. {@return whether it did} */
    boolean answerSync(Member member, SyncGroupResponse response) {
        Consumer<SyncGroupResponse> reply = member.swapAwaitingSync(null);
        if (reply == null) {
            return false;
        }
        reply.accept(response);
        return true;
    }

    /** {@return whether a rebalance has everyone it waits for} */
    boolean hasEveryoneJoined() {
        return awaitingJoinCount == members.size() && pendingMembers.isEmpty();
    }

    /** {@return the longest time that a member may take to join again, in milliseconds} */
    int rebalanceTimeoutMs() {
        int longestMs = 0;
        for (Member member : members.values()) {
            longestMs = Math.max(longestMs, member.profile().rebalanceTimeoutMs());
        }
        return longestMs;
    }

    /** Sees to it that the leader is one that has joined again. {@return whether there is such a leader} */
    boolean ensureJoinedLeader() {
        Member current = leader == null ? null : members.get(leader);
        if (current != null && current.isAwaitingJoin()) {
            return true;
        }
        for (Member member : members.values()) {
            if (member.isAwaitingJoin()) {
                leader = member.id();
                return true;
            }
        }
        return false;
    }

    /** Begins the next generation, with the members that are there. */
    void nextGeneration(long nowMs) {
        generation++;
        pendingSync.clear();
        if (members.isEmpty()) {
            protocol = null;
            become(GroupState.EMPTY, nowMs);
        } else {
            protocol = electProtocol();
            become(GroupState.COMPLETING_REBALANCE, nowMs);
        }
    }
}
