package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;

/**
 * Asks which APIs the broker serves; version 3 and later say which client asks (KIP-511), version 5 and later which broker of
 * which cluster it means to ask, where it knows (KIP-1242).
 */
@Request(key = 18, versions = "0-5", flexible = "3+")
public record ApiVersionsRequest(
        @Versions("3+") String clientSoftwareName,
        @Versions("3+") String clientSoftwareVersion,
        @Versions("5+") @Nullable @Default("null") String clusterId,
        @Versions("5+") @Default("-1") int nodeId)
        implements ApiRequest {
    /** Without a broker or a cluster: whoever answers is right. */
    public ApiVersionsRequest(String clientSoftwareName, String clientSoftwareVersion) {
        this(clientSoftwareName, clientSoftwareVersion, null, -1);
    }
}
