package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import java.util.List;

/**
 * Whether each position was deleted.
 */
@Response(key = 47, versions = "0", flexible = "none")
@ThrottleTime(after = "errorCode")
public record OffsetDeleteResponse(ErrorCode errorCode, List<OffsetDeleteResponseTopic> topics) implements ApiResponse {
    /** The results of one topic. */
    public record OffsetDeleteResponseTopic(String name, List<OffsetDeleteResponsePartition> partitions) {}

    /** The result of one partition. */
    public record OffsetDeleteResponsePartition(int partitionIndex, ErrorCode errorCode) {}
}
