package io.odradek.protocol.api;

import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Asks for a delegation token (KIP-48). Versions: 3 added the owner, null or empty for who asks (KIP-373). Of no lifetime, or a
 * negative one, the broker's setting is taken.
 */
@Request(key = 38, versions = "0-3", flexible = "2+")
public record CreateDelegationTokenRequest(
        @Versions("3+") @Nullable("3+") String ownerPrincipalType,
        @Versions("3+") @Nullable("3+") String ownerPrincipalName,
        List<CreatableRenewer> renewers,
        long maxLifetimeMs)
        implements ApiRequest {
    /** Who may renew it, beside its owner. */
    public record CreatableRenewer(String principalType, String principalName) {}
}
