package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.OnError;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;

/**
 * The producer id and epoch to be used from now on, -1 on error.
 */
@Response(key = 22, versions = "0-5", flexible = "2+")
@ThrottleTime
public record InitProducerIdResponse(
        ErrorCode errorCode,
        @Default("-1") long producerId,
        @OnError("-1") short producerEpoch) implements ApiResponse {}
