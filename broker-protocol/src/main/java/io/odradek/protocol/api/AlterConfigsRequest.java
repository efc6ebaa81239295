package io.odradek.protocol.api;

import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import java.util.List;

/**
 * Replaces all settings of topics (resource type 2) and brokers (4): what is not named loses its override.
 * With {@code validateOnly} nothing changes.
 */
@Request(key = 33, versions = "0-2", flexible = "2+")
public record AlterConfigsRequest(List<AlterConfigsResource> resources, boolean validateOnly) implements ApiRequest {
    /** A topic or broker, and all that it shall override. */
    public record AlterConfigsResource(byte resourceType, String resourceName, List<AlterableConfig> configs) {}

    /** A setting and its value. */
    public record AlterableConfig(String name, @Nullable String value) {}
}
