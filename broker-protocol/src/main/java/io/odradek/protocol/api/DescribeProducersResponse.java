package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import java.util.List;

/**
 * The producers that each partition knows.
 */
@Response(key = 61, versions = "0", flexible = "0+")
@ThrottleTime
public record DescribeProducersResponse(@Mirrors List<TopicResponse> topics) implements ApiResponse {
    /** The partitions of one topic. */
    public record TopicResponse(
            @Mirrors String name,
            @Mirrors("partitionIndexes") List<PartitionResponse> partitions) {}

    /** The producers of one partition. */
    public record PartitionResponse(
            @Mirrors int partitionIndex,
            ErrorCode errorCode,
            @Nullable @Default("null") String errorMessage,
            List<ProducerState> activeProducers) {}

    /** A producer: what it wrote last, and where its open transaction begins, each -1 if there is none. */
    public record ProducerState(
            long producerId,
            int producerEpoch,
            @Default("-1") int lastSequence,
            @Default("-1") long lastTimestamp,
            int coordinatorEpoch,
            @Default("-1") long currentTxnStartOffset) {}
}
