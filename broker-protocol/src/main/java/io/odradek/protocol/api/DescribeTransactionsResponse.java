package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import java.util.List;

/**
 * How each transaction stands.
 */
@Response(key = 65, versions = "0", flexible = "0+")
@ThrottleTime
public record DescribeTransactionsResponse(
        @Mirrors("transactionalIds") List<TransactionState> transactionStates) implements ApiResponse {
    /** A transaction; it began at -1 if none is open. */
    public record TransactionState(
            ErrorCode errorCode,
            @Mirrors String transactionalId,
            String transactionState,
            int transactionTimeoutMs,
            long transactionStartTimeMs,
            long producerId,
            short producerEpoch,
            List<TopicData> topics) {}

    /** The partitions of one topic that are in the transaction. */
    public record TopicData(String topic, List<Integer> partitions) {}
}
