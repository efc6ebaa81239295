package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Commits a group's positions.
 * Generation -1 and an empty member id: a client that uses no group protocol. {@code retentionTimeMs} existed in versions 2 to 4;
 * 7 added static membership (KIP-345).
 */
@Request(key = 8, versions = "0-9", flexible = "8+")
public record OffsetCommitRequest(
        String groupId,
        @Versions("1+") @Default("-1") int generationIdOrMemberEpoch,
        @Versions("1+") String memberId,
        @Versions("7+") @Nullable @Default("null") String groupInstanceId,
        @Versions("2-4") @Default("-1") long retentionTimeMs,
        List<OffsetCommitRequestTopic> topics)
        implements ApiRequest {
    /** The positions of one topic. */
    public record OffsetCommitRequestTopic(String name, List<OffsetCommitRequestPartition> partitions) {}

    /** The position in one partition: the offset of the next record to read, with the client's note. */
    public record OffsetCommitRequestPartition(
            int partitionIndex,
            long committedOffset,
            @Versions("6+") @Default("-1") int committedLeaderEpoch,
            @Versions("1") @Default("-1") long commitTimestamp,
            @Nullable String committedMetadata) {}
}
