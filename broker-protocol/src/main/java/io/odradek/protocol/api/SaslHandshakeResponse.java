package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Response;
import java.util.List;

/**
 * NONE, UNSUPPORTED_SASL_MECHANISM or ILLEGAL_SASL_STATE, and the mechanisms that there are.
 */
@Response(key = 17, versions = "0-1", flexible = "none")
public record SaslHandshakeResponse(ErrorCode errorCode, List<String> mechanisms) implements ApiResponse {}
