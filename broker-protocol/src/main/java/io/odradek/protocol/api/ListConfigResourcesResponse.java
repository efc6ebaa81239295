package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/** The resources that have settings. */
@Response(key = 74, versions = "0-1", flexible = "0+")
@ThrottleTime
public record ListConfigResourcesResponse(ErrorCode errorCode, List<ConfigResource> configResources)
        implements ApiResponse {
    /** A resource. */
    public record ConfigResource(
            String resourceName,
            @Versions("1+") @Default("16") byte resourceType) {}
}
