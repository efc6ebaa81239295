package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import java.util.List;

/**
 * Whether each group was deleted.
 */
@Response(key = 42, versions = "0-2", flexible = "2+")
@ThrottleTime
public record DeleteGroupsResponse(@Mirrors("groupsNames") List<DeletableGroupResult> results) implements ApiResponse {
    /** The result of one group. */
    public record DeletableGroupResult(@Mirrors String groupId, ErrorCode errorCode) {}
}
