package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * The groups this broker coordinates.
 */
@Response(key = 16, versions = "0-5", flexible = "3+")
@ThrottleTime("1+")
public record ListGroupsResponse(ErrorCode errorCode, List<ListedGroup> groups) implements ApiResponse {
    /** A group. */
    public record ListedGroup(
            String groupId,
            String protocolType,
            @Versions("4+") String groupState,
            @Versions("5+") String groupType) {}
}
