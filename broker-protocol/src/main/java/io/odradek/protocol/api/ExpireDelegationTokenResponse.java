package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;

/** When the token ends, or has ended, in milliseconds since the epoch. */
@Response(key = 40, versions = "0-2", flexible = "2+")
@ThrottleTime(after = "expiryTimestampMs")
public record ExpireDelegationTokenResponse(ErrorCode errorCode, long expiryTimestampMs) implements ApiResponse {}
