package io.odradek.core.request.transaction;

import io.odradek.core.coordinator.transaction.Transaction;
import io.odradek.core.coordinator.transaction.TransactionCoordinator;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.DescribeTransactionsRequest;
import io.odradek.protocol.api.DescribeTransactionsResponse;
import io.odradek.protocol.api.DescribeTransactionsResponse.TopicData;
import io.odradek.protocol.api.DescribeTransactionsResponse.TransactionState;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * DescribeTransactions 0 (KIP-664): how transactional ids stand. An id that is named more than once is answered once.
 *
 * <p>Errors, of each id: TRANSACTIONAL_ID_NOT_FOUND, and those of the coordinator.
 */
public final class DescribeTransactionsHandler implements RequestHandler<DescribeTransactionsRequest> {
    private final TransactionCoordinator coordinator;

    /** @param coordinator the transactional ids of this broker */
    public DescribeTransactionsHandler(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public void handle(DescribeTransactionsRequest request, RequestContext context) {
        List<String> ids = List.copyOf(new LinkedHashSet<>(request.transactionalIds()));
        Gathered<TransactionState> states =
                new Gathered<>(ids.size(), all -> context.respond(new DescribeTransactionsResponse(all)));
        TransactionCoordinator during = coordinator.during(context);
        for (int i = 0; i < ids.size(); i++) {
            int index = i;
            String id = ids.get(i);
            during.describe(
                    id,
                    (error, transaction) ->
                            states.put(index, transaction == null ? failed(id, error) : state(id, transaction)));
        }
    }

    private static TransactionState failed(String id, ErrorCode error) {
        return new TransactionState(error, id, "", 0, 0, 0, (short) 0, List.of());
    }

    private static TransactionState state(String id, Transaction transaction) {
        return new TransactionState(
                ErrorCode.NONE,
                id,
                transaction.state().status().text(),
                transaction.timeoutMs(),
                transaction.state().startMs(),
                transaction.producer().id(),
                transaction.producer().epoch(),
                topics(transaction.state().partitions()));
    }

    private static List<TopicData> topics(SortedSet<TopicPartition> partitions) {
        SortedMap<String, List<Integer>> byTopic = new TreeMap<>();
        for (TopicPartition id : partitions) {
            byTopic.computeIfAbsent(id.topic(), topic -> new ArrayList<>()).add(id.partition());
        }
        List<TopicData> topics = new ArrayList<>(byTopic.size());
        byTopic.forEach((topic, indexes) -> topics.add(new TopicData(topic, indexes)));
        return topics;
    }
}
