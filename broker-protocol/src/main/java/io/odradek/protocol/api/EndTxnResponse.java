package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;

/**
 * Whether the transaction will end so; from version 5 on the id and epoch of the producer for its next transaction, -1 on error.
 */
@Response(key = 26, versions = "0-5", flexible = "3+")
@ThrottleTime
public record EndTxnResponse(
        ErrorCode errorCode,
        @Versions("5+") @Default("-1") long producerId,
        @Versions("5+") @Default("-1") short producerEpoch)
        implements ApiResponse {}
