package io.odradek.protocol.api;

import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;

/**
 * Asks which APIs the broker serves; version 3 and later say which client asks (KIP-511).
 */
@Request(key = 18, versions = "0-4", flexible = "3+")
public record ApiVersionsRequest(
        @Versions("3+") String clientSoftwareName,
        @Versions("3+") String clientSoftwareVersion) implements ApiRequest {}
