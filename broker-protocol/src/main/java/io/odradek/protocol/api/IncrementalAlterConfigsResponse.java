package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import java.util.List;

/** What became of each resource. */
@Response(key = 44, versions = "0-1", flexible = "1+")
@ThrottleTime
public record IncrementalAlterConfigsResponse(
        @Mirrors("resources") List<AlterConfigsResourceResponse> responses) implements ApiResponse {
    /** A resource that was changed, or why it was not. */
    public record AlterConfigsResourceResponse(
            ErrorCode errorCode,
            @Nullable String errorMessage,
            @Mirrors byte resourceType,
            @Mirrors String resourceName) {}
}
