package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Looks offsets up by timestamp.
 * {@code timestamp}: milliseconds, or -1 for the end, -2 for the start, -3 for the record with the largest timestamp (KIP-734), -4 and
 * -5 for the local start and the end of tiered storage. Version 0 asks for up to {@code maxNumOffsets} segment starts.
 */
@Request(key = 2, versions = "0-9", flexible = "6+")
public record ListOffsetsRequest(
        int replicaId, @Versions("2+") byte isolationLevel, List<ListOffsetsTopic> topics) implements ApiRequest {
    /** The partitions asked for of one topic. */
    public record ListOffsetsTopic(String name, List<ListOffsetsPartition> partitions) {}

    /** What is asked of one partition. */
    public record ListOffsetsPartition(
            int partitionIndex,
            @Versions("4+") @Default("-1") int currentLeaderEpoch,
            long timestamp,
            @Versions("0") @Default("1") int maxNumOffsets) {}
}
