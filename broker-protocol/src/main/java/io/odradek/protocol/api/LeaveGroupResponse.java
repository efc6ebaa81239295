package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Whether the members were removed.
 */
@Response(key = 13, versions = "0-5", flexible = "4+")
@ThrottleTime("1+")
public record LeaveGroupResponse(
        ErrorCode errorCode, @Versions("3+") List<MemberResponse> members) implements ApiResponse {
    /** The result of one member. */
    public record MemberResponse(
            @Versions("3+") String memberId,
            @Versions("3+") @Nullable String groupInstanceId,
            @Versions("3+") ErrorCode errorCode) {}
}
