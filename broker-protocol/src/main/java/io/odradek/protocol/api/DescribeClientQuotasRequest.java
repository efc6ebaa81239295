package io.odradek.protocol.api;

import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import java.util.List;

/** Asks for quotas of users, client ids and addresses (KIP-546, KIP-612). */
@Request(key = 48, versions = "0-1", flexible = "1+")
public record DescribeClientQuotasRequest(List<ComponentData> components, boolean strict) implements ApiRequest {
    /**
     * What one part of whom a quota is for has to be.
     *
     * @param matchType 0 for the name in {@code match}, 1 for the default, 2 for any
     */
    public record ComponentData(
            String entityType, byte matchType, @Nullable String match) {}
}
