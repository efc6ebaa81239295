package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Leaves a group; from version 3 on several members at once (KIP-345).
 */
@Request(key = 13, versions = "0-5", flexible = "4+")
public record LeaveGroupRequest(
        String groupId,
        @Versions("0-2") String memberId,
        @Versions("3+") List<MemberIdentity> members) implements ApiRequest {
    /** A member that leaves, by member id or by instance id. */
    public record MemberIdentity(
            @Versions("3+") String memberId,
            @Versions("3+") @Nullable @Default("null") String groupInstanceId,
            @Versions("5+") @Nullable @Default("null") String reason) {}
}
