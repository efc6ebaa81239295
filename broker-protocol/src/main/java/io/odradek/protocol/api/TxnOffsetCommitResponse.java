package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import io.odradek.protocol.wire.Uuid;
import java.util.List;

/**
 * Whether each position was kept.
 */
@Response(key = 28, versions = "0-6", flexible = "3+")
@ThrottleTime
public record TxnOffsetCommitResponse(@Mirrors List<TxnOffsetCommitResponseTopic> topics) implements ApiResponse {
    /** The results of one topic, by name up to version 5, by id after. */
    public record TxnOffsetCommitResponseTopic(
            @Mirrors @Versions("0-5") String name,
            @Mirrors @Versions("6+") Uuid topicId,
            @Mirrors List<TxnOffsetCommitResponsePartition> partitions) {}

    /** The result of one partition. */
    public record TxnOffsetCommitResponsePartition(@Mirrors int partitionIndex, ErrorCode errorCode) {}
}
