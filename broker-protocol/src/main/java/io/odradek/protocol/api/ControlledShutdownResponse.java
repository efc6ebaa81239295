package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Response;
import java.util.List;

/**
 * The partitions that the broker still leads because nobody else can; it may stop when there are none.
 */
@Response(key = 7, versions = "0-3", flexible = "3+")
public record ControlledShutdownResponse(ErrorCode errorCode, List<RemainingPartition> remainingPartitions)
        implements ApiResponse {
    /** A partition that the broker leads. */
    public record RemainingPartition(String topicName, int partitionIndex) {}
}
