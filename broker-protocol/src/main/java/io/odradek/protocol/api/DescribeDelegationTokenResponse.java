package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.nio.ByteBuffer;
import java.util.List;

/** Tokens with their secrets. Versions: 3 added who has asked for each (KIP-373). */
@Response(key = 41, versions = "0-3", flexible = "2+")
@ThrottleTime(after = "tokens")
public record DescribeDelegationTokenResponse(ErrorCode errorCode, List<DescribedDelegationToken> tokens)
        implements ApiResponse {
    /** One; all times are in milliseconds since the epoch. */
    public record DescribedDelegationToken(
            String principalType,
            String principalName,
            @Versions("3+") String tokenRequesterPrincipalType,
            @Versions("3+") String tokenRequesterPrincipalName,
            long issueTimestamp,
            long expiryTimestamp,
            long maxTimestamp,
            String tokenId,
            ByteBuffer hmac,
            List<DescribedDelegationTokenRenewer> renewers) {}

    /** Who may renew it, beside its owner. */
    public record DescribedDelegationTokenRenewer(String principalType, String principalName) {}
}
