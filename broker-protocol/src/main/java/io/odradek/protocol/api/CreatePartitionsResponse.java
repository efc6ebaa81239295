package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import java.util.List;

/**
 * Whether each topic has its new partitions.
 */
@Response(key = 37, versions = "0-3", flexible = "2+")
@ThrottleTime
public record CreatePartitionsResponse(@Mirrors("topics") List<CreatePartitionsTopicResult> results)
        implements ApiResponse {
    /** The result of one topic. */
    public record CreatePartitionsTopicResult(
            @Mirrors String name,
            ErrorCode errorCode,
            @Nullable @Default("null") String errorMessage) {}
}
