package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/** What each filter has taken away, in their order; an entry that several match is told with the first of them. */
@Response(key = 31, versions = "0-3", flexible = "2+")
@ThrottleTime
public record DeleteAclsResponse(@Mirrors("filters") List<DeleteAclsFilterResult> filterResults)
        implements ApiResponse {
    /** What one filter has taken away. */
    public record DeleteAclsFilterResult(
            ErrorCode errorCode, @Nullable String errorMessage, List<DeleteAclsMatchingAcl> matchingAcls) {}

    /** An entry that was matched, and why it is still there if it is. */
    public record DeleteAclsMatchingAcl(
            ErrorCode errorCode,
            @Nullable String errorMessage,
            byte resourceType,
            String resourceName,
            @Versions("1+") @Default("3") byte patternType,
            String principal,
            String host,
            byte operation,
            byte permissionType) {}
}
