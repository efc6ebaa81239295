package io.odradek.protocol.api;

import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import java.util.List;

/** Asks which tokens there are of some principals, null for all (KIP-48). */
@Request(key = 41, versions = "0-3", flexible = "2+")
public record DescribeDelegationTokenRequest(@Nullable List<DescribeDelegationTokenOwner> owners)
        implements ApiRequest {
    /** Who owns it, has asked for it or may renew it. */
    public record DescribeDelegationTokenOwner(String principalType, String principalName) {}
}
