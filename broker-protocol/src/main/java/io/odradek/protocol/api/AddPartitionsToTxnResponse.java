package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Whether each partition is in its transaction now. From version 4 on an error of the request as a whole has a place of its own.
 */
@Response(key = 24, versions = "0-5", flexible = "3+")
@ThrottleTime
public record AddPartitionsToTxnResponse(
        @Versions("4+") ErrorCode errorCode,
        @Versions("4+") List<AddPartitionsToTxnResult> resultsByTransaction,
        @Mirrors("v3AndBelowTopics") @Versions("0-3") List<AddPartitionsToTxnTopicResult> resultsByTopicV3AndBelow)
        implements ApiResponse {
    /** The results of one transaction. */
    public record AddPartitionsToTxnResult(
            @Versions("4+") String transactionalId,
            @Versions("4+") List<AddPartitionsToTxnTopicResult> topicResults) {}

    /** The results of one topic. */
    public record AddPartitionsToTxnTopicResult(
            @Mirrors String name, @Mirrors("partitions") List<AddPartitionsToTxnPartitionResult> resultsByPartition) {}

    /** The result of one partition. */
    public record AddPartitionsToTxnPartitionResult(@Mirrors int partitionIndex, ErrorCode partitionErrorCode) {}
}
