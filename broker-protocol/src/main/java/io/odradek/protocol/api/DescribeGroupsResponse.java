package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * State and members of each group.
 */
@Response(key = 15, versions = "0-5", flexible = "5+")
@ThrottleTime("1+")
public record DescribeGroupsResponse(@Mirrors List<DescribedGroup> groups) implements ApiResponse {
    /** A group; one that does not exist is in state Dead. */
    public record DescribedGroup(
            ErrorCode errorCode,
            @Mirrors String groupId,
            String groupState,
            String protocolType,
            String protocolData,
            List<DescribedGroupMember> members,
            @Versions("3+") @Default("-2147483648") int authorizedOperations) {}

    /** A member, with subscription and assignment as it sent and got them. */
    public record DescribedGroupMember(
            String memberId,
            @Versions("4+") @Nullable @Default("null") String groupInstanceId,
            String clientId,
            String clientHost,
            ByteBuffer memberMetadata,
            ByteBuffer memberAssignment) {}
}
