package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;

/**
 * NONE, or REBALANCE_IN_PROGRESS to call the member back to JoinGroup.
 */
@Response(key = 12, versions = "0-4", flexible = "4+")
@ThrottleTime("1+")
public record HeartbeatResponse(ErrorCode errorCode) implements ApiResponse {}
