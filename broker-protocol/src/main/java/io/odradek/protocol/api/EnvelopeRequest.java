package io.odradek.protocol.api;

import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import java.nio.ByteBuffer;

/**
 * A client's request that a broker hands on to the controller, with whose it is (KIP-590).
 */
@Request(key = 58, versions = "0", flexible = "0+")
public record EnvelopeRequest(
        ByteBuffer requestData, @Nullable ByteBuffer requestPrincipal, ByteBuffer clientHostAddress)
        implements ApiRequest {}
