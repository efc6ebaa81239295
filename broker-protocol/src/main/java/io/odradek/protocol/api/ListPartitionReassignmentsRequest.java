package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import java.util.List;

/**
 * Asks which of the partitions are being moved, of all if {@code topics} is null (KIP-455).
 */
@Request(key = 46, versions = "0", flexible = "0+")
public record ListPartitionReassignmentsRequest(
        @Default("60000") int timeoutMs,
        @Nullable @Default("null") List<ListPartitionReassignmentsTopics> topics) implements ApiRequest {
    /** The partitions of one topic. */
    public record ListPartitionReassignmentsTopics(String name, List<Integer> partitionIndexes) {}
}
