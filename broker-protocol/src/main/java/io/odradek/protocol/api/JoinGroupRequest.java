package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Joins a group, or takes part in its rebalance.
 * The member id is empty at first; from version 4 on the broker hands one out before it counts the member (KIP-394).
 * {@code rebalanceTimeoutMs} (1+) is how long a rebalance waits for this member; before, the session timeout was.
 * Versions: 5 added static membership (KIP-345); 8 a reason.
 */
@Request(key = 11, versions = "0-9", flexible = "6+")
public record JoinGroupRequest(
        String groupId,
        int sessionTimeoutMs,
        @Versions("1+") @Default("-1") int rebalanceTimeoutMs,
        String memberId,
        @Versions("5+") @Nullable @Default("null") String groupInstanceId,
        String protocolType,
        List<JoinGroupRequestProtocol> protocols,
        @Versions("8+") @Nullable @Default("null") String reason)
        implements ApiRequest {
    /** An assignor that the member supports, with its subscription, in order of preference. */
    public record JoinGroupRequestProtocol(String name, ByteBuffer metadata) {}
}
