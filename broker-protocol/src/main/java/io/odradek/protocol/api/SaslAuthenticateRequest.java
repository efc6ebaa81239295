package io.odradek.protocol.api;

import io.odradek.protocol.schema.Request;
import java.nio.ByteBuffer;

/**
 * The next token of a login (KIP-152).
 */
@Request(key = 36, versions = "0-2", flexible = "2+")
public record SaslAuthenticateRequest(ByteBuffer authBytes) implements ApiRequest {}
