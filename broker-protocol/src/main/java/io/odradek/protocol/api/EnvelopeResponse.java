package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import java.nio.ByteBuffer;

/**
 * The controller's answer to the request within.
 */
@Response(key = 58, versions = "0", flexible = "0+")
public record EnvelopeResponse(@Nullable @Default("null") ByteBuffer responseData, ErrorCode errorCode)
        implements ApiResponse {}
