package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Whether each position was stored.
 */
@Response(key = 8, versions = "0-9", flexible = "8+")
public record OffsetCommitResponse(@Versions("3+") int throttleTimeMs, List<OffsetCommitResponseTopic> topics)
        implements ApiResponse {
    /** The results of one topic. */
    public record OffsetCommitResponseTopic(String name, List<OffsetCommitResponsePartition> partitions) {}

    /** The result of one partition. */
    public record OffsetCommitResponsePartition(int partitionIndex, ErrorCode errorCode) {}
}
