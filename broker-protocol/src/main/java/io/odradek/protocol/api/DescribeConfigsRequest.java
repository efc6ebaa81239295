package io.odradek.protocol.api;

import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Asks for the settings of topics (resource type 2) and brokers (4).
 * A null list of keys asks for all. Versions: 1 added synonyms (KIP-226); 3 documentation.
 */
@Request(key = 32, versions = "0-4", flexible = "4+")
public record DescribeConfigsRequest(
        List<DescribeConfigsResource> resources,
        @Versions("1+") boolean includeSynonyms,
        @Versions("3+") boolean includeDocumentation)
        implements ApiRequest {
    /** A topic or broker, and the settings asked for. */
    public record DescribeConfigsResource(
            byte resourceType,
            String resourceName,
            @Nullable List<String> configurationKeys) {}
}
