package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.Versions;
import io.odradek.protocol.wire.Uuid;
import java.util.List;

/**
 * Whether the broker took the request as a whole (STALE_CONTROLLER_EPOCH, STALE_BROKER_EPOCH), and what became of each partition:
 * KAFKA_STORAGE_ERROR (1+) where its log folder failed, INCONSISTENT_TOPIC_ID (5+) where the log is of another topic of that name.
 * Version 5 names topics by id and groups by them (KIP-516).
 */
@Response(key = 4, versions = "0-7", flexible = "4+")
public record LeaderAndIsrResponse(
        ErrorCode errorCode,

        @Mirrors({"ungroupedPartitionStates", "topicStates.partitionStates"}) @Versions("0-4")
        List<LeaderAndIsrPartitionError> partitionErrors,

        @Mirrors("topicStates") @Versions("5+") List<LeaderAndIsrTopicError> topics)
        implements ApiResponse {
    /** The results of one topic. */
    public record LeaderAndIsrTopicError(
            @Mirrors @Versions("5+") Uuid topicId,
            @Mirrors("partitionStates") @Versions("5+") List<LeaderAndIsrPartitionError> partitionErrors) {}

    /** The result of one partition. */
    public record LeaderAndIsrPartitionError(
            @Mirrors @Versions("0-4") String topicName,
            @Mirrors int partitionIndex,
            ErrorCode errorCode) {}
}
