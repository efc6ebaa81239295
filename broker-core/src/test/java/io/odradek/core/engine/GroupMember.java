package io.odradek.core.engine;

import io.odradek.core.engine.Ledger.Topic;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.HeartbeatResponse;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.LeaveGroupRequest;
import io.odradek.protocol.api.SyncGroupRequest.SyncGroupRequestAssignment;
import io.odradek.protocol.api.SyncGroupResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedWorld;
import java.util.List;

/** A member of a group: joins, syncs, shows that it lives and commits, leaves or vanishes, and joins again. */
final class GroupMember extends SimulatedClient {
    private static final int SESSION_TIMEOUT_MS = 6_000;

    private enum State {
        OUTSIDE,
        JOINED,
        STABLE
    }

    private final String group;
    private final MemberRequests requests;
    private State state = State.OUTSIDE;
    private String member = "";
    private int generation;
    private List<SyncGroupRequestAssignment> assignments = List.of();
    private int generationsReached;

    GroupMember(String name, String group, SimulatedWorld world, SimulatedBroker broker, Ledger ledger) {
        super(name, world, broker, ledger);
        this.group = group;
        this.requests = new MemberRequests(group, SESSION_TIMEOUT_MS);
    }

    /** {@return in how many generations it has got an assignment} */
    int generationsReached() {
        return generationsReached;
    }

    @Override
    protected void act() {
        switch (state) {
            case OUTSIDE -> join();
            case JOINED -> sync();
            case STABLE -> {
                switch (random.nextInt(12)) {
                    case 0 -> leave();
                    case 1 -> vanish();
                    case 2, 3, 4 -> commit();
                    default -> heartbeat();
                }
            }
        }
    }

    private void join() {
        send(ApiKey.JOIN_GROUP, Requests.JOIN_GROUP_VERSION, requests.join(member), this::joined);
    }

    private void joined(ApiResponse answer) {
        if (answer instanceof JoinGroupResponse response) {
            switch (response.errorCode()) {
                case NONE -> {
                    member = response.memberId();
                    generation = response.generationId();
                    assignments = assign(response);
                    state = State.JOINED;
                }
                case MEMBER_ID_REQUIRED -> member = response.memberId();
                case UNKNOWN_MEMBER_ID -> member = "";
                default -> {
                    // It is tried again.
                }
            }
        }
        pause();
    }

    /** What the leader hands out: to each member its own name, so that it can tell. */
    private static List<SyncGroupRequestAssignment> assign(JoinGroupResponse response) {
        return MemberRequests.assignments(response, number -> {
            JoinGroupResponse.JoinGroupResponseMember each = response.members().get(number);
            if (!MemberRequests.text(each.metadata()).equals(MemberRequests.SUBSCRIPTION)) {
                throw new AssertionError("The subscription of " + each.memberId() + " has changed on its way");
            }
            return each.memberId();
        });
    }

    private void sync() {
        send(
                ApiKey.SYNC_GROUP,
                Requests.SYNC_GROUP_VERSION,
                requests.sync(generation, member, assignments),
                this::synced);
    }

    private void synced(ApiResponse answer) {
        state = State.OUTSIDE;
        if (answer instanceof SyncGroupResponse response && response.errorCode() == ErrorCode.NONE) {
            String assigned = MemberRequests.text(response.assignment());
            if (!assigned.equals(member)) {
                throw new AssertionError(member + " is assigned what belongs to " + assigned);
            }
            generationsReached++;
            state = State.STABLE;
        } else if (answer instanceof SyncGroupResponse response) {
            forgetIfUnknown(response.errorCode());
        }
        pause();
    }

    private void heartbeat() {
        send(ApiKey.HEARTBEAT, Requests.HEARTBEAT_VERSION, requests.heartbeat(generation, member), answer -> {
            if (answer instanceof HeartbeatResponse response && response.errorCode() != ErrorCode.NONE) {
                forgetIfUnknown(response.errorCode());
                state = response.errorCode().retriable() ? state : State.OUTSIDE;
            }
            pause();
        });
    }

    private void commit() {
        Topic topic = somePresent();
        if (topic == null) {
            pause();
            return;
        }
        send(
                ApiKey.OFFSET_COMMIT,
                Requests.OFFSET_COMMIT_VERSION,
                Requests.commit(group, generation, member, topic.name, random.nextInt(PARTITIONS), random.nextInt(100)),
                answer -> pause());
    }

    private void leave() {
        state = State.OUTSIDE;
        LeaveGroupRequest request = requests.leave(member);
        member = "";
        send(ApiKey.LEAVE_GROUP, Requests.LEAVE_GROUP_VERSION, request, answer -> pause());
    }

    private void vanish() {
        state = State.OUTSIDE;
        member = "";
        pause();
    }

    private void forgetIfUnknown(ErrorCode error) {
        if (error == ErrorCode.UNKNOWN_MEMBER_ID) {
            member = "";
        }
    }
}
