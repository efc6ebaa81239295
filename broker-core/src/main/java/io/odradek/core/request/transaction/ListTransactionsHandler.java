package io.odradek.core.request.transaction;

import io.odradek.core.coordinator.transaction.TransactionCoordinator;
import io.odradek.core.coordinator.transaction.TransactionFilter;
import io.odradek.core.coordinator.transaction.TransactionStatus;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ListTransactionsRequest;
import io.odradek.protocol.api.ListTransactionsResponse;
import io.odradek.protocol.api.ListTransactionsResponse.TransactionState;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * ListTransactions, versions 0 and 1: the transactional ids that this broker coordinates, by state and producer (KIP-664), and from
 * version 1 on by how long their transaction has been running (KIP-994). States that do not exist are named in the answer.
 *
 * <p>Errors: COORDINATOR_LOAD_IN_PROGRESS while any partition of the topic is being loaded.
 */
public final class ListTransactionsHandler implements RequestHandler<ListTransactionsRequest> {
    private final TransactionCoordinator coordinator;

    /** @param coordinator the transactional ids of this broker */
    public ListTransactionsHandler(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public void handle(ListTransactionsRequest request, RequestContext context) {
        EnumSet<TransactionStatus> states = EnumSet.noneOf(TransactionStatus.class);
        List<String> unknown = new ArrayList<>();
        for (String name : request.stateFilters()) {
            TransactionStatus state = TransactionStatus.named(name);
            if (state == null) {
                unknown.add(name);
            } else {
                states.add(state);
            }
        }
        if (states.isEmpty() && !unknown.isEmpty()) {
            context.respond(new ListTransactionsResponse(ErrorCode.NONE, unknown, List.of()));
            return;
        }
        var filter = new TransactionFilter(states, Set.copyOf(request.producerIdFilters()), request.durationFilter());
        coordinator.during(context).list(filter, (error, found) -> {
            List<TransactionState> listed = new ArrayList<>(found.size());
            found.forEach((id, transaction) -> listed.add(new TransactionState(
                    id,
                    transaction.producer().id(),
                    transaction.state().status().text())));
            context.respond(new ListTransactionsResponse(error, unknown, listed));
        });
    }
}
