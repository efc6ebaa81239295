package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.FindCoordinatorResponse;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.HeartbeatResponse;
import io.odradek.protocol.api.JoinGroupRequest;
import io.odradek.protocol.api.JoinGroupRequest.JoinGroupRequestProtocol;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.LeaveGroupRequest;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.api.OffsetFetchResponse;
import io.odradek.protocol.api.SyncGroupRequest;
import io.odradek.protocol.api.SyncGroupRequest.SyncGroupRequestAssignment;
import io.odradek.protocol.api.SyncGroupResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A member of a group: finds the coordinator, joins, is given partitions, asks for the positions in them, commits new ones,
 * leaves or vanishes and joins again.
 *
 * <pre>
 *   LOST --found--> OUTSIDE --joined--> JOINED --assigned--> STABLE --told to rejoin, leaves, vanishes--> OUTSIDE
 * </pre>
 */
final class ClusterGroupMember extends ClusterClient {
    private static final int SESSION_TIMEOUT_MS = 8_000;
    private static final int REBALANCE_TIMEOUT_MS = 10_000;
    private static final int MAY_WAIT_MS = 15_000;
    private static final String PROTOCOL_TYPE = "consumer";
    private static final String ASSIGNOR = "range";

    private enum State {
        LOST,
        OUTSIDE,
        JOINED,
        STABLE
    }

    private final String group;
    private final List<TopicPartition> partitions;
    private final Map<TopicPartition, Long> owned = new TreeMap<>();
    private State state = State.LOST;
    private int coordinator = -1;
    private String member = "";
    private int generation;
    private List<SyncGroupRequestAssignment> assignments = List.of();
    private long commits;

    ClusterGroupMember(
            String name, String group, ClusterWorld cluster, ClusterClients shared, List<TopicPartition> partitions) {
        super(name, cluster, shared);
        this.group = group;
        this.partitions = partitions;
    }

    @Override
    protected int meanPauseMs() {
        return 700;
    }

    /** {@return how many of its positions were acknowledged} */
    long commits() {
        return commits;
    }

    @Override
    protected void act() {
        switch (state) {
            case LOST -> find();
            case OUTSIDE -> join();
            case JOINED -> sync();
            case STABLE -> {
                switch (random.nextInt(60)) {
                    case 0 -> leave();
                    case 1 -> vanish();
                    default -> {
                        if (random.nextBoolean()) {
                            position();
                        } else {
                            heartbeat();
                        }
                    }
                }
            }
        }
    }

    private void ask(ApiKey api, int version, ApiRequest request, Consumer<ApiResponse> answered) {
        send(coordinator, api, version, request, answered);
    }

    private void find() {
        int any = 1 + random.nextInt(cluster.brokers().size());
        FindCoordinatorRequest request = new FindCoordinatorRequest(group, (byte) 0, List.of());
        send(any, ApiKey.FIND_COORDINATOR, ClusterRequests.FIND_COORDINATOR_VERSION, request, answer -> {
            if (answer instanceof FindCoordinatorResponse found && found.errorCode() == ErrorCode.NONE) {
                coordinator = found.nodeId();
                state = State.OUTSIDE;
            }
            pause();
        });
    }

    private void join() {
        JoinGroupRequest request = new JoinGroupRequest(
                group,
                SESSION_TIMEOUT_MS,
                REBALANCE_TIMEOUT_MS,
                member,
                null,
                PROTOCOL_TYPE,
                List.of(new JoinGroupRequestProtocol(ASSIGNOR, bytes("subscription"))),
                null);
        send(coordinator, ApiKey.JOIN_GROUP, ClusterRequests.JOIN_GROUP_VERSION, request, MAY_WAIT_MS, answer -> {
            if (answer instanceof JoinGroupResponse response) {
                joined(response);
            } else {
                state = State.LOST;
            }
            pause();
        });
    }

    private void joined(JoinGroupResponse response) {
        switch (response.errorCode()) {
            case NONE -> {
                member = response.memberId();
                generation = response.generationId();
                assignments = assign(response);
                state = State.JOINED;
                if (traces()) {
                    trace("has joined generation " + generation + " as " + member);
                }
            }
            case MEMBER_ID_REQUIRED -> member = response.memberId();
            default -> refused(response.errorCode());
        }
    }

    /** What the leader hands out: each partition to one member. */
    private List<SyncGroupRequestAssignment> assign(JoinGroupResponse response) {
        List<SyncGroupRequestAssignment> result = new ArrayList<>();
        int members = response.members().size();
        for (int i = 0; i < members; i++) {
            StringBuilder mine = new StringBuilder();
            for (int j = i; j < partitions.size(); j += members) {
                mine.append(j).append(' ');
            }
            result.add(new SyncGroupRequestAssignment(response.members().get(i).memberId(), bytes(mine.toString())));
        }
        return result;
    }

    private void sync() {
        SyncGroupRequest request =
                new SyncGroupRequest(group, generation, member, null, PROTOCOL_TYPE, ASSIGNOR, assignments);
        send(coordinator, ApiKey.SYNC_GROUP, ClusterRequests.SYNC_GROUP_VERSION, request, MAY_WAIT_MS, answer -> {
            state = State.OUTSIDE;
            owned.clear();
            if (answer instanceof SyncGroupResponse response) {
                if (response.errorCode() == ErrorCode.NONE) {
                    synced(StandardCharsets.UTF_8
                            .decode(response.assignment().duplicate())
                            .toString());
                } else {
                    refused(response.errorCode());
                }
            } else {
                state = State.LOST;
            }
            pause();
        });
    }

    private void synced(String assigned) {
        state = State.STABLE;
        for (String each : assigned.trim().split(" ")) {
            if (!each.isEmpty()) {
                TopicPartition id = partitions.get(Integer.parseInt(each));
                shared.groups().assigned(group, generation, id, member);
                owned.put(id, null);
            }
        }
        if (traces()) {
            trace("owns " + owned.keySet() + " in generation " + generation);
        }
    }

    private void heartbeat() {
        HeartbeatRequest request = new HeartbeatRequest(group, generation, member, null);
        ask(ApiKey.HEARTBEAT, ClusterRequests.HEARTBEAT_VERSION, request, answer -> {
            if (!(answer instanceof HeartbeatResponse response)) {
                state = State.LOST;
            } else if (response.errorCode() != ErrorCode.NONE) {
                refused(response.errorCode());
            }
            pause();
        });
    }

    /** Asks for the position in a partition, or commits a later one. */
    private void position() {
        if (owned.isEmpty()) {
            pause();
            return;
        }
        List<TopicPartition> mine = new ArrayList<>(owned.keySet());
        TopicPartition id = mine.get(random.nextInt(mine.size()));
        Long known = owned.get(id);
        if (known == null) {
            fetchPosition(id);
        } else {
            commit(id, known + 1 + random.nextInt(5));
        }
    }

    private void fetchPosition(TopicPartition id) {
        long least = shared.groups().leastPosition(group, generation, id);
        int askedIn = generation;
        ask(ApiKey.OFFSET_FETCH, ClusterRequests.OFFSET_FETCH_VERSION, ClusterRequests.committed(group, id), answer -> {
            if (!(answer instanceof OffsetFetchResponse response)) {
                state = State.LOST;
            } else if (response.errorCode() != ErrorCode.NONE) {
                refused(response.errorCode());
            } else if (generation == askedIn) {
                long found = response.topics().get(0).partitions().get(0).committedOffset();
                shared.groups().positionFound(group, id, least, found);
                owned.put(id, found);
            }
            pause();
        });
    }

    /** One that is not answered may be carried out later, and must then belong to a generation that is over. */
    private void commit(TopicPartition id, long offset) {
        shared.groups().commitSent(group, id, offset);
        int committedIn = generation;
        ask(
                ApiKey.OFFSET_COMMIT,
                ClusterRequests.OFFSET_COMMIT_VERSION,
                ClusterRequests.commit(group, generation, member, id, offset),
                answer -> {
                    if (!(answer instanceof OffsetCommitResponse response)) {
                        member = "";
                        state = State.LOST;
                    } else {
                        ErrorCode error =
                                response.topics().get(0).partitions().get(0).errorCode();
                        if (error == ErrorCode.NONE) {
                            shared.groups().commitAcknowledged(group, committedIn, id, offset);
                            owned.put(id, offset);
                            commits++;
                        } else {
                            member = "";
                            refused(error);
                        }
                    }
                    pause();
                });
    }

    private void leave() {
        state = State.OUTSIDE;
        LeaveGroupRequest request =
                new LeaveGroupRequest(group, "", List.of(new LeaveGroupRequest.MemberIdentity(member, null, null)));
        member = "";
        ask(ApiKey.LEAVE_GROUP, ClusterRequests.LEAVE_GROUP_VERSION, request, answer -> pause());
    }

    private void vanish() {
        state = State.OUTSIDE;
        member = "";
        pause();
    }

    private void refused(ErrorCode error) {
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

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
