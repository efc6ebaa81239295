package io.odradek.protocol.api;

import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Asks for the groups of this broker, filtered by state (4+, KIP-518) and type (5, KIP-848).
 */
@Request(key = 16, versions = "0-5", flexible = "3+")
public record ListGroupsRequest(
        @Versions("4+") List<String> statesFilter,
        @Versions("5+") List<String> typesFilter) implements ApiRequest {}
