package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;

/**
 * A block of producer ids that no other broker gets: {@code producerIdLen} of them from {@code producerIdStart} on. Errors:
 * STALE_BROKER_EPOCH, NOT_CONTROLLER, CLUSTER_AUTHORIZATION_FAILED.
 */
@Response(key = 67, versions = "0", flexible = "0+")
@ThrottleTime
public record AllocateProducerIdsResponse(ErrorCode errorCode, long producerIdStart, int producerIdLen)
        implements ApiResponse {}
