package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;

/** When the token ends now, in milliseconds since the epoch. */
@Response(key = 39, versions = "0-2", flexible = "2+")
@ThrottleTime(after = "expiryTimestampMs")
public record RenewDelegationTokenResponse(ErrorCode errorCode, long expiryTimestampMs) implements ApiResponse {}
