package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.OnError;
import io.odradek.protocol.schema.Response;

/**
 * The producer id and epoch to be used from now on, -1 on error.
 */
@Response(key = 22, versions = "0-5", flexible = "2+")
public record InitProducerIdResponse(
        int throttleTimeMs,
        ErrorCode errorCode,
        @Default("-1") long producerId,
        @OnError("-1") short producerEpoch) implements ApiResponse {}
