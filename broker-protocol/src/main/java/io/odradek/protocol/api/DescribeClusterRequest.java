package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;

/**
 * Asks for the cluster's id, controller and brokers (KIP-700).
 */
@Request(key = 60, versions = "0-1", flexible = "0+")
public record DescribeClusterRequest(
        boolean includeClusterAuthorizedOperations,
        @Versions("1+") @Default("1") byte endpointType) implements ApiRequest {}
