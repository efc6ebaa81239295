package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * What became of each partition: among others ELECTION_NOT_NEEDED, PREFERRED_LEADER_NOT_AVAILABLE, ELIGIBLE_LEADERS_NOT_AVAILABLE.
 * If all partitions were asked for, those that needed no election are left out. Version 1 added the error of the request as a
 * whole.
 */
@Response(key = 43, versions = "0-2", flexible = "2+")
@ThrottleTime
public record ElectLeadersResponse(
        @Versions("1+") ErrorCode errorCode,
        @Mirrors("topicPartitions") List<ReplicaElectionResult> replicaElectionResults)
        implements ApiResponse {
    /** The results of one topic. */
    public record ReplicaElectionResult(
            @Mirrors String topic, @Mirrors("partitions") List<PartitionResult> partitionResult) {}

    /** The result of one partition. */
    public record PartitionResult(
            @Mirrors int partitionId,
            ErrorCode errorCode,
            @Nullable String errorMessage) {}
}
