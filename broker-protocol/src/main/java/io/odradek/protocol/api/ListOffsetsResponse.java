package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * The offsets found; offset and timestamp are -1 where no record qualifies.
 */
@Response(key = 2, versions = "0-9", flexible = "6+")
@ThrottleTime("2+")
public record ListOffsetsResponse(@Mirrors List<ListOffsetsTopicResponse> topics) implements ApiResponse {
    /** The results of one topic. */
    public record ListOffsetsTopicResponse(
            @Mirrors String name, @Mirrors List<ListOffsetsPartitionResponse> partitions) {}

    /** The result of one partition; a list of segment starts in version 0. */
    public record ListOffsetsPartitionResponse(
            @Mirrors int partitionIndex,
            ErrorCode errorCode,
            @Versions("0") List<Long> oldStyleOffsets,
            @Versions("1+") @Default("-1") long timestamp,
            @Versions("1+") @Default("-1") long offset,
            @Versions("4+") @Default("-1") int leaderEpoch) {}
}
