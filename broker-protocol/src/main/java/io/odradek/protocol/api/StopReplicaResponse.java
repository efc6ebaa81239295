package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Response;
import java.util.List;

/**
 * Whether the broker took the request as a whole (STALE_CONTROLLER_EPOCH, STALE_BROKER_EPOCH), and what became of each partition:
 * FENCED_LEADER_EPOCH (3+, KIP-570) where the replica has a newer epoch, KAFKA_STORAGE_ERROR where its log folder failed.
 */
@Response(key = 5, versions = "0-4", flexible = "2+")
public record StopReplicaResponse(
        ErrorCode errorCode,

        @Mirrors({"ungroupedPartitions", "topics.partitionIndexes", "topicStates.partitionStates"})
        List<StopReplicaPartitionError> partitionErrors)
        implements ApiResponse {
    /** The result of one partition. */
    public record StopReplicaPartitionError(
            @Mirrors({"topicName", "name"}) String topicName,
            @Mirrors int partitionIndex,
            ErrorCode errorCode) {}
}
