package io.odradek.core.verification;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import java.util.SortedMap;
import java.util.function.Consumer;

/** Asks the coordinators of transactions, wherever they are. For any thread. */
public interface TransactionVerifier {
    /**
     * Asks.
     *
     * @param reply is told once, on any thread, of each partition: NONE if the producer may write there; TRANSACTION_ABORTABLE if
     *     the partition is not in its transaction; INVALID_PRODUCER_ID_MAPPING, PRODUCER_FENCED, CONCURRENT_TRANSACTIONS;
     *     UNKNOWN_TOPIC_OR_PARTITION and OPERATION_NOT_ATTEMPTED if the coordinator does not know one of them;
     *     NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS and NETWORK_EXCEPTION if it cannot be
     *     asked now
     */
    void ask(TransactionQuestion question, Consumer<SortedMap<TopicPartition, ErrorCode>> reply);
}
