package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.OnError;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Committed positions; offset -1 where there is none.
 */
@Response(key = 9, versions = "0-9", flexible = "6+")
@ThrottleTime("3+")
public record OffsetFetchResponse(
        @Mirrors(versions = "0-1") @Versions("0-7") List<OffsetFetchResponseTopic> topics,
        @Versions("2-7") ErrorCode errorCode,
        @Mirrors @Versions("8+") List<OffsetFetchResponseGroup> groups)
        implements ApiResponse {
    /** The positions in one topic. */
    public record OffsetFetchResponseTopic(
            @Mirrors @Versions("0-7") String name,
            @Mirrors("partitionIndexes") @Versions("0-7") List<OffsetFetchResponsePartition> partitions) {}

    /** The position in one partition. */
    public record OffsetFetchResponsePartition(
            @Mirrors @Versions("0-7") int partitionIndex,
            @Versions("0-7") @OnError("-1") long committedOffset,
            @Versions("5-7") @Default("-1") int committedLeaderEpoch,
            @Versions("0-7") @Nullable String metadata,
            @Versions("0-7") ErrorCode errorCode) {}

    /** The positions of one group. */
    public record OffsetFetchResponseGroup(
            @Mirrors @Versions("8+") String groupId,
            @Versions("8+") List<OffsetFetchResponseTopics> topics,
            @Versions("8+") ErrorCode errorCode) {}

    /** The positions in one topic. */
    public record OffsetFetchResponseTopics(
            @Versions("8+") String name, @Versions("8+") List<OffsetFetchResponsePartitions> partitions) {}

    /** The position in one partition. */
    public record OffsetFetchResponsePartitions(
            @Versions("8+") int partitionIndex,
            @Versions("8+") long committedOffset,
            @Versions("8+") @Default("-1") int committedLeaderEpoch,
            @Versions("8+") @Nullable String metadata,
            @Versions("8+") ErrorCode errorCode) {}
}
