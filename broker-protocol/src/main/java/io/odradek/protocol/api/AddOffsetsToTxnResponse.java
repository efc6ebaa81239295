package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;

/**
 * Whether the group's partition is in the transaction now.
 */
@Response(key = 25, versions = "0-4", flexible = "3+")
@ThrottleTime
public record AddOffsetsToTxnResponse(ErrorCode errorCode) implements ApiResponse {}
