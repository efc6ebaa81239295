package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Response;

/**
 * Whether the broker took it: STALE_CONTROLLER_EPOCH or STALE_BROKER_EPOCH if not.
 */
@Response(key = 6, versions = "0-8", flexible = "6+")
public record UpdateMetadataResponse(ErrorCode errorCode) implements ApiResponse {}
