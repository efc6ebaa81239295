package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Whether each move was begun or cancelled: among others INVALID_REPLICA_ASSIGNMENT, NO_REASSIGNMENT_IN_PROGRESS. Version 1
 * repeats whether a partition was allowed to have more or fewer replicas than before (KIP-860).
 */
@Response(key = 45, versions = "0-1", flexible = "0+")
@ThrottleTime
public record AlterPartitionReassignmentsResponse(
        @Versions("1+") @Default("true") boolean allowReplicationFactorChange,
        ErrorCode errorCode,
        @Nullable String errorMessage,
        @Mirrors("topics") List<ReassignableTopicResponse> responses)
        implements ApiResponse {
    /** The results of one topic. */
    public record ReassignableTopicResponse(
            @Mirrors String name, @Mirrors List<ReassignablePartitionResponse> partitions) {}

    /** The result of one partition. */
    public record ReassignablePartitionResponse(
            @Mirrors int partitionIndex,
            ErrorCode errorCode,
            @Nullable String errorMessage) {}
}
