package io.odradek.protocol.api;

import io.odradek.protocol.schema.Request;

/**
 * Chooses a mechanism to log in by. After version 0 its tokens come as frames without a header, after version 1 in
 * SaslAuthenticate (KIP-43, KIP-152).
 */
@Request(key = 17, versions = "0-1", flexible = "none")
public record SaslHandshakeRequest(String mechanism) implements ApiRequest {}
