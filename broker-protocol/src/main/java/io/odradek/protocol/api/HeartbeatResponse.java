package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.Versions;

/**
 * NONE, or REBALANCE_IN_PROGRESS to call the member back to JoinGroup.
 */
@Response(key = 12, versions = "0-4", flexible = "4+")
public record HeartbeatResponse(@Versions("1+") int throttleTimeMs, ErrorCode errorCode) implements ApiResponse {}
