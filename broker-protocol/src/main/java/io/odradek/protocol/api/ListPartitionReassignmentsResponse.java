package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import java.util.List;

/**
 * The partitions that are being moved; others are left out. With an error there are none.
 */
@Response(key = 46, versions = "0", flexible = "0+")
@ThrottleTime
public record ListPartitionReassignmentsResponse(
        ErrorCode errorCode, @Nullable String errorMessage, List<OngoingTopicReassignment> topics)
        implements ApiResponse {
    /** The partitions of one topic. */
    public record OngoingTopicReassignment(String name, List<OngoingPartitionReassignment> partitions) {}

    /** A partition's replicas now, those that come and those that go among them. */
    public record OngoingPartitionReassignment(
            int partitionIndex, List<Integer> replicas, List<Integer> addingReplicas, List<Integer> removingReplicas) {}
}
