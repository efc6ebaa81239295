package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import java.util.List;

/**
 * The transactional ids that passed the filters, and the states asked for that there are not.
 */
@Response(key = 66, versions = "0-2", flexible = "0+")
@ThrottleTime
public record ListTransactionsResponse(
        ErrorCode errorCode, List<String> unknownStateFilters, List<TransactionState> transactionStates)
        implements ApiResponse {
    /** A transactional id. */
    public record TransactionState(String transactionalId, long producerId, String transactionState) {}
}
