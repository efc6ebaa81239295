package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Response;
import java.util.List;

/**
 * Whether each marker was written to each partition.
 */
@Response(key = 27, versions = "0-2", flexible = "1+")
public record WriteTxnMarkersResponse(@Mirrors List<WritableTxnMarkerResult> markers) implements ApiResponse {
    /** The results of one marker. */
    public record WritableTxnMarkerResult(
            @Mirrors long producerId, @Mirrors List<WritableTxnMarkerTopicResult> topics) {}

    /** The results of one topic. */
    public record WritableTxnMarkerTopicResult(
            @Mirrors String name,
            @Mirrors("partitionIndexes") List<WritableTxnMarkerPartitionResult> partitions) {}

    /** The result of one partition. */
    public record WritableTxnMarkerPartitionResult(@Mirrors int partitionIndex, ErrorCode errorCode) {}
}
