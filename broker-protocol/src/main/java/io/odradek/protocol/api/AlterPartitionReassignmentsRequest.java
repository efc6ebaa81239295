package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Moves partitions to other replicas, or cancels moves that are under way (KIP-455). Version 1 may forbid that a partition has
 * more or fewer replicas than before (KIP-860).
 */
@Request(key = 45, versions = "0-1", flexible = "0+")
public record AlterPartitionReassignmentsRequest(
        @Default("60000") int timeoutMs,
        @Versions("1+") @Default("true") boolean allowReplicationFactorChange,
        List<ReassignableTopic> topics)
        implements ApiRequest {
    /** The partitions of one topic. */
    public record ReassignableTopic(String name, List<ReassignablePartition> partitions) {}

    /** A partition, and the brokers that shall hold it, the preferred leader first; null cancels its move. */
    public record ReassignablePartition(
            int partitionIndex, @Nullable @Default("null") List<Integer> replicas) {}
}
