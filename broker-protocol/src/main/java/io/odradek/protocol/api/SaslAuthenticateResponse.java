package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.Versions;
import java.nio.ByteBuffer;

/**
 * The server's token, or SASL_AUTHENTICATION_FAILED, ILLEGAL_SASL_STATE. Once the client is in, for how many milliseconds that
 * is so, unless it logs in again over the same connection; 0 for ever (KIP-368).
 */
@Response(key = 36, versions = "0-2", flexible = "2+")
public record SaslAuthenticateResponse(
        ErrorCode errorCode,
        @Nullable String errorMessage,
        ByteBuffer authBytes,
        @Versions("1+") long sessionLifetimeMs)
        implements ApiResponse {}
