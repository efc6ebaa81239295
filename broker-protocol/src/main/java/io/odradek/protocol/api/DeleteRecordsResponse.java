package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.OnError;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import java.util.List;

/**
 * Where the partitions begin now.
 */
@Response(key = 21, versions = "0-2", flexible = "2+")
@ThrottleTime
public record DeleteRecordsResponse(@Mirrors List<DeleteRecordsTopicResult> topics) implements ApiResponse {
    /** The results of one topic. */
    public record DeleteRecordsTopicResult(
            @Mirrors String name, @Mirrors List<DeleteRecordsPartitionResult> partitions) {}

    /** The first offset that every replica in service has, -1 with an error. */
    public record DeleteRecordsPartitionResult(
            @Mirrors int partitionIndex, @OnError("-1") long lowWatermark, ErrorCode errorCode) {}
}
