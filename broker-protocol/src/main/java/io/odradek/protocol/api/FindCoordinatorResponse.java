package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.OnError;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * The coordinator, or COORDINATOR_NOT_AVAILABLE while there is none.
 */
@Response(key = 10, versions = "0-6", flexible = "3+")
@ThrottleTime("1+")
public record FindCoordinatorResponse(
        @Versions("0-3") ErrorCode errorCode,
        @Versions("1-3") @Nullable String errorMessage,
        @Versions("0-3") @OnError("-1") int nodeId,
        @Versions("0-3") String host,
        @Versions("0-3") @OnError("-1") int port,
        @Mirrors("coordinatorKeys") @Versions("4+") List<Coordinator> coordinators)
        implements ApiResponse {
    /** The coordinator of one key. */
    public record Coordinator(
            @Mirrors @Versions("4+") String key,
            @Versions("4+") @OnError("-1") int nodeId,
            @Versions("4+") String host,
            @Versions("4+") @OnError("-1") int port,
            @Versions("4+") ErrorCode errorCode,
            @Versions("4+") @Nullable String errorMessage) {}
}
