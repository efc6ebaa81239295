package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The new generation. Only the leader is told the members, to assign partitions to them; {@code skipAssignment} (9+) tells a
 * static leader that came back to leave the assignment alone.
 */
@Response(key = 11, versions = "0-9", flexible = "6+")
@ThrottleTime("2+")
public record JoinGroupResponse(
        ErrorCode errorCode,
        @Default("-1") int generationId,
        @Versions("7+") @Nullable @Default("null") String protocolType,
        @Nullable("7+") String protocolName,
        String leader,
        @Versions("9+") boolean skipAssignment,
        String memberId,
        List<JoinGroupResponseMember> members)
        implements ApiResponse {
    /** A member, with its subscription under the chosen protocol. */
    public record JoinGroupResponseMember(
            String memberId,
            @Versions("5+") @Nullable @Default("null") String groupInstanceId,
            ByteBuffer metadata) {}
}
