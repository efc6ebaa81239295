package io.odradek.core.engine;

import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.JoinGroupRequest;
import io.odradek.protocol.api.JoinGroupRequest.JoinGroupRequestProtocol;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.LeaveGroupRequest;
import io.odradek.protocol.api.SyncGroupRequest;
import io.odradek.protocol.api.SyncGroupRequest.SyncGroupRequestAssignment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What the simulated members of a group ask its coordinator.
 *
 * @param group the group
 * @param sessionTimeoutMs how long it takes a silent member for alive
 */
public record MemberRequests(String group, int sessionTimeoutMs) {
    /** What members say of themselves when they join. */
    static final String SUBSCRIPTION = "subscription";

    private static final int REBALANCE_TIMEOUT_MS = 10_000;
    private static final String PROTOCOL_TYPE = "consumer";
    private static final String ASSIGNOR = "range";

    /** @param member empty for one that is new */
    public JoinGroupRequest join(String member) {
        List<JoinGroupRequestProtocol> protocols = List.of(new JoinGroupRequestProtocol(ASSIGNOR, bytes(SUBSCRIPTION)));
        return new JoinGroupRequest(
                group, sessionTimeoutMs, REBALANCE_TIMEOUT_MS, member, null, PROTOCOL_TYPE, protocols, null);
    }

    /**
     * {@return what a leader hands out}
     *
     * @param joined tells it of the members, and others of none
     * @param share that of the member of each number
     */
    public static List<SyncGroupRequestAssignment> assignments(JoinGroupResponse joined, IntFunction<String> share) {
        List<SyncGroupRequestAssignment> assignments = new ArrayList<>();
        for (int i = 0; i < joined.members().size(); i++) {
            assignments.add(
                    new SyncGroupRequestAssignment(joined.members().get(i).memberId(), bytes(share.apply(i))));
        }
        return assignments;
    }

    /** @param assignments of a leader's, empty of others */
    public SyncGroupRequest sync(int generation, String member, List<SyncGroupRequestAssignment> assignments) {
        return new SyncGroupRequest(group, generation, member, null, PROTOCOL_TYPE, ASSIGNOR, assignments);
    }

    public HeartbeatRequest heartbeat(int generation, String member) {
        return new HeartbeatRequest(group, generation, member, null);
    }

    public LeaveGroupRequest leave(String member) {
        return new LeaveGroupRequest(group, "", List.of(new LeaveGroupRequest.MemberIdentity(member, null, null)));
    }

    /** {@return what members say to each other through the coordinator} */
    public static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
