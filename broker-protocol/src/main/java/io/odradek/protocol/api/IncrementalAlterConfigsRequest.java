package io.odradek.protocol.api;

import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import java.util.List;

/**
 * Changes single settings of topics (resource type 2) and brokers (4, their loggers 8); KIP-339.
 * {@code configOperation}: 0 sets, 1 deletes the override, 2 appends to a list, 3 subtracts from one.
 */
@Request(key = 44, versions = "0-1", flexible = "1+")
public record IncrementalAlterConfigsRequest(List<AlterConfigsResource> resources, boolean validateOnly)
        implements ApiRequest {
    /** A topic or broker, and what shall change of its settings. */
    public record AlterConfigsResource(byte resourceType, String resourceName, List<AlterableConfig> configs) {}

    /** A change of one setting; the value does not matter where it is deleted. */
    public record AlterableConfig(
            String name, byte configOperation, @Nullable String value) {}
}
