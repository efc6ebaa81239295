package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.nio.ByteBuffer;

/**
 * A new token, with the secret by which one logs in; where there is none, whose it would have been. All times are in milliseconds since the epoch. Versions: 3 added who has asked
 * for it (KIP-373).
 */
@Response(key = 38, versions = "0-3", flexible = "2+")
@ThrottleTime(after = "hmac")
public record CreateDelegationTokenResponse(
        ErrorCode errorCode,
        @Default("User") String principalType,
        @Default("ANONYMOUS") String principalName,
        @Versions("3+") String tokenRequesterPrincipalType,
        @Versions("3+") String tokenRequesterPrincipalName,
        @Default("-1") long issueTimestampMs,
        @Default("-1") long expiryTimestampMs,
        @Default("-1") long maxTimestampMs,
        String tokenId,
        ByteBuffer hmac)
        implements ApiResponse {}
