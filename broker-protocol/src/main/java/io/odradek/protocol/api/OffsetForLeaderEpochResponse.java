package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * The ends of the epochs, -1 where unknown.
 */
@Response(key = 23, versions = "0-4", flexible = "4+")
@ThrottleTime("2+")
public record OffsetForLeaderEpochResponse(@Mirrors List<OffsetForLeaderTopicResult> topics) implements ApiResponse {
    /** The results of one topic. */
    public record OffsetForLeaderTopicResult(
            @Mirrors String topic, @Mirrors List<EpochEndOffset> partitions) {}

    /** The largest epoch not above the one asked for, and the offset after its last record. */
    public record EpochEndOffset(
            ErrorCode errorCode,
            @Mirrors int partition,
            @Versions("1+") @Default("-1") int leaderEpoch,
            @Default("-1") long endOffset) {}
}
