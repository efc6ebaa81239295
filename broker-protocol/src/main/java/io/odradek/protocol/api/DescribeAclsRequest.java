package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;

/**
 * Asks for the access control entries that a filter matches; null and the code 1 match anything. Versions: 1 added the
 * pattern's type (KIP-290); 3 users as resources (KIP-373).
 */
@Request(key = 29, versions = "0-3", flexible = "2+")
public record DescribeAclsRequest(
        byte resourceTypeFilter,
        @Nullable String resourceNameFilter,
        @Versions("1+") @Default("3") byte patternTypeFilter,
        @Nullable String principalFilter,
        @Nullable String hostFilter,
        byte operation,
        byte permissionType)
        implements ApiRequest {}
