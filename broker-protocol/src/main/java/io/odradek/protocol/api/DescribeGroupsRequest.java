package io.odradek.protocol.api;

import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Asks for the state and the members of groups.
 */
@Request(key = 15, versions = "0-5", flexible = "5+")
public record DescribeGroupsRequest(
        List<String> groups, @Versions("3+") boolean includeAuthorizedOperations) implements ApiRequest {}
