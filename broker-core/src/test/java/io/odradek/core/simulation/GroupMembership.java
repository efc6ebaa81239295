package io.odradek.core.simulation;

import io.odradek.core.engine.MemberRequests;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.FindCoordinatorResponse;
import io.odradek.protocol.api.HeartbeatResponse;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.LeaveGroupRequest;
import io.odradek.protocol.api.SyncGroupRequest;
import io.odradek.protocol.api.SyncGroupRequest.SyncGroupRequestAssignment;
import io.odradek.protocol.api.SyncGroupResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A client's membership in a group, one step after the other: it finds the coordinator, joins, and is given partitions.
 *
 * <pre>
 *   LOST --found--> OUTSIDE --joined--> JOINED --assigned--> STABLE --told to rejoin, leaves, vanishes--> OUTSIDE
 * </pre>
 */
final class GroupMembership {
    private static final int SESSION_TIMEOUT_MS = 8_000;
    private static final int MAY_WAIT_MS = 15_000;

    private enum State {
        LOST,
        OUTSIDE,
        JOINED,
        STABLE
    }

    private final ClusterClient client;
    private final String group;
    private final MemberRequests requests;
    private final List<TopicPartition> partitions;
    private final Map<TopicPartition, Long> owned = new TreeMap<>();
    private State state = State.LOST;
    private int coordinator = -1;
    private String member = "";
    private int generation;
    private List<SyncGroupRequestAssignment> assignments = List.of();

    /** @param partitions which the members share */
    GroupMembership(ClusterClient client, String group, List<TopicPartition> partitions) {
        this.client = client;
        this.group = group;
        this.requests = new MemberRequests(group, SESSION_TIMEOUT_MS);
        this.partitions = partitions;
    }

    /** {@return whether it has been given partitions and has not heard of another generation} */
    boolean isStable() {
        return state == State.STABLE;
    }

    /** {@return the partitions that it owns, each with the position that the member knows, null if none} */
    Map<TopicPartition, Long> owned() {
        return owned;
    }

    String group() {
        return group;
    }

    int generation() {
        return generation;
    }

    String member() {
        return member;
    }

    /** The next step; the client goes on at its end. */
    void step() {
        switch (state) {
            case LOST -> find();
            case OUTSIDE -> join();
            case JOINED -> sync();
            case STABLE -> heartbeat();
        }
    }

    /** Asks the group's coordinator. */
    void ask(ApiKey api, int version, ApiRequest request, Consumer<ApiResponse> answered) {
        client.send(coordinator, api, version, request, answered);
    }

    /** As {@link #ask}, for what the coordinator answers when the other members have come. */
    private void askAndWait(ApiKey api, int version, ApiRequest request, Consumer<ApiResponse> answered) {
        client.send(coordinator, api, version, request, MAY_WAIT_MS, answered);
    }

    /** The coordinator did not answer. */
    void lost() {
        state = State.LOST;
    }

    /** As {@link #lost}, and it is unknown what of its requests will be carried out: it comes anew. */
    void lostAsMember() {
        member = "";
        state = State.LOST;
    }

    /** As {@link #refused}, and it comes anew. */
    void refusedAsMember(ErrorCode error) {
        member = "";
        refused(error);
    }

    /** Looks for the coordinator as the member that it is; the client goes on at its end. */
    void findAgain() {
        find(state);
    }

    private void find() {
        find(State.OUTSIDE);
    }

    private void find(State then) {
        int any = 1 + client.random.nextInt(client.cluster.brokers().size());
        FindCoordinatorRequest request = new FindCoordinatorRequest(group, (byte) 0, List.of());
        client.send(any, ApiKey.FIND_COORDINATOR, ClusterRequests.FIND_COORDINATOR_VERSION, request, answer -> {
            if (answer instanceof FindCoordinatorResponse found && found.errorCode() == ErrorCode.NONE) {
                coordinator = found.nodeId();
                state = then;
            }
            client.pause();
        });
    }

    private void join() {
        askAndWait(ApiKey.JOIN_GROUP, ClusterRequests.JOIN_GROUP_VERSION, requests.join(member), answer -> {
            if (answer instanceof JoinGroupResponse response) {
                joined(response);
            } else {
                state = State.LOST;
            }
            client.pause();
        });
    }

    private void joined(JoinGroupResponse response) {
        switch (response.errorCode()) {
            case NONE -> {
                member = response.memberId();
                generation = response.generationId();
                assignments = assign(response);
                state = State.JOINED;
                if (client.traces()) {
                    client.trace("has joined generation " + generation + " as " + member);
                }
            }
            case MEMBER_ID_REQUIRED -> member = response.memberId();
            default -> refused(response.errorCode());
        }
    }

    /** What the leader hands out: each partition to one member. */
    private List<SyncGroupRequestAssignment> assign(JoinGroupResponse response) {
        int members = response.members().size();
        return MemberRequests.assignments(response, number -> {
            StringBuilder share = new StringBuilder();
            for (int i = number; i < partitions.size(); i += members) {
                share.append(i).append(' ');
            }
            return share.toString();
        });
    }

    private void sync() {
        SyncGroupRequest request = requests.sync(generation, member, assignments);
        askAndWait(ApiKey.SYNC_GROUP, ClusterRequests.SYNC_GROUP_VERSION, request, answer -> {
            state = State.OUTSIDE;
            owned.clear();
            if (answer instanceof SyncGroupResponse response) {
                if (response.errorCode() == ErrorCode.NONE) {
                    synced(MemberRequests.text(response.assignment()));
                } else {
                    refused(response.errorCode());
                }
            } else {
                state = State.LOST;
            }
            client.pause();
        });
    }

    private void synced(String assigned) {
        state = State.STABLE;
        for (String each : assigned.trim().split(" ")) {
            if (!each.isEmpty()) {
                TopicPartition id = partitions.get(Integer.parseInt(each));
                client.shared.groups().assigned(group, generation, id, member);
                owned.put(id, null);
            }
        }
        if (client.traces()) {
            client.trace("owns " + owned.keySet() + " in generation " + generation);
        }
    }

    void heartbeat() {
        ask(ApiKey.HEARTBEAT, ClusterRequests.HEARTBEAT_VERSION, requests.heartbeat(generation, member), answer -> {
            if (!(answer instanceof HeartbeatResponse response)) {
                state = State.LOST;
            } else if (response.errorCode() != ErrorCode.NONE) {
                refused(response.errorCode());
            }
            client.pause();
        });
    }

    /** Leaves in good order; the client goes on at its end. */
    void leave() {
        state = State.OUTSIDE;
        LeaveGroupRequest request = requests.leave(member);
        member = "";
        ask(ApiKey.LEAVE_GROUP, ClusterRequests.LEAVE_GROUP_VERSION, request, answer -> client.pause());
    }

    /** It is a member no more, and tells nobody. */
    void vanish() {
        state = State.OUTSIDE;
        member = "";
    }

    /** Draws the conclusion from an error. */
    void refused(ErrorCode error) {
        Violation.unless(error != ErrorCode.UNKNOWN_SERVER_ERROR, "Coordinator %d of %s fails", coordinator, group);
        switch (error) {
            case NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE -> state = State.LOST;
            case COORDINATOR_LOAD_IN_PROGRESS -> {
                // It is asked again.
            }
            case UNKNOWN_MEMBER_ID -> {
                member = "";
                state = State.OUTSIDE;
            }
            default -> state = State.OUTSIDE;
        }
    }
}
