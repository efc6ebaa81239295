package io.odradek.server.tools.transactions;

import io.odradek.server.tools.Answers;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.TopicPartitions;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;

/** Shows transactions as their coordinators know them. */
record TransactionReport(Admin admin, Terminal terminal, boolean json) {
    /** Shows all that an answer has, by coordinator and transactional id. @throws ToolException if a filter is none */
    void list(ListTransactionsOptions filters) throws Exception {
        Rows rows = new Rows(terminal, json, "TransactionalId", "Coordinator", "ProducerId", "TransactionState");
        try {
            Map<Integer, Collection<TransactionListing>> found =
                    new TreeMap<>(Answers.of(admin.listTransactions(filters).allByBrokerId()));
            found.forEach((coordinator, listings) -> listings.stream()
                    .sorted(Comparator.comparing(TransactionListing::transactionalId))
                    .forEach(listing ->
                            rows.row(listing.transactionalId(), coordinator, listing.producerId(), listing.state())));
        } catch (InvalidRegularExpression wrong) {
            throw new ToolException(
                    "\"" + filters.filteredTransactionalIdPattern() + "\" is no regular expression", wrong);
        }
        rows.print();
    }

    /** {@return what is known of a producer's transaction, or its last one} @throws ToolException if none has that id */
    static TransactionDescription described(Admin admin, String transactionalId) throws Exception {
        try {
            return Answers.of(
                    admin.describeTransactions(List.of(transactionalId)).description(transactionalId));
        } catch (TransactionalIdNotFoundException unknown) {
            throw new ToolException(
                    "There is no producer with the transactional id \"" + transactionalId + "\"", unknown);
        }
    }

    /** Shows the transaction of a producer, or its last one. @throws ToolException if none has that id */
    void describe(String transactionalId) throws Exception {
        TransactionDescription found = described(admin, transactionalId);
        Rows rows = new Rows(
                terminal,
                json,
                "CoordinatorId",
                "TransactionalId",
                "ProducerId",
                "ProducerEpoch",
                "TransactionState",
                "TransactionTimeoutMs",
                "CurrentTransactionStartTimeMs",
                "TransactionDurationMs",
                "TopicPartitions");
        Long start = found.transactionStartTimeMs().isPresent()
                ? found.transactionStartTimeMs().getAsLong()
                : null;
        rows.row(
                found.coordinatorId(),
                transactionalId,
                found.producerId(),
                found.producerEpoch(),
                found.state(),
                found.transactionTimeoutMs(),
                start,
                start == null ? null : System.currentTimeMillis() - start,
                found.topicPartitions().stream()
                        .sorted(TopicPartitions.IN_ORDER)
                        .toList());
        rows.print();
    }
}
