package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import java.util.List;

/** What has become of each entry that was to be added, in their order. */
@Response(key = 30, versions = "0-3", flexible = "2+")
@ThrottleTime
public record CreateAclsResponse(@Mirrors("creations") List<AclCreationResult> results) implements ApiResponse {
    /** What has become of one. */
    public record AclCreationResult(
            ErrorCode errorCode, @Nullable String errorMessage) {}
}
