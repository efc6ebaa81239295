package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import java.util.List;

/**
 * Whether each position was stored.
 */
@Response(key = 8, versions = "0-9", flexible = "8+")
@ThrottleTime("3+")
public record OffsetCommitResponse(@Mirrors List<OffsetCommitResponseTopic> topics) implements ApiResponse {
    /** The results of one topic. */
    public record OffsetCommitResponseTopic(
            @Mirrors String name, @Mirrors List<OffsetCommitResponsePartition> partitions) {}

    /** The result of one partition. */
    public record OffsetCommitResponsePartition(@Mirrors int partitionIndex, ErrorCode errorCode) {}
}
