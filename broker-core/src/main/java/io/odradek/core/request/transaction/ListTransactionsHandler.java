package io.odradek.core.request.transaction;

import io.odradek.core.coordinator.transaction.Transaction;
import io.odradek.core.coordinator.transaction.TransactionCoordinator;
import io.odradek.core.coordinator.transaction.TransactionFilter;
import io.odradek.core.coordinator.transaction.TransactionStatus;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.request.SlowRequests;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ListTransactionsRequest;
import io.odradek.protocol.api.ListTransactionsResponse;
import io.odradek.protocol.api.ListTransactionsResponse.TransactionState;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * ListTransactions, versions 0 to 2: the transactional ids that this broker coordinates, by state and producer (KIP-664), from version
 * 1 on by how long their transaction has been running (KIP-994), and from version 2 on by a pattern for the whole id (KIP-1152),
 * which is matched in the background. States that do not exist are named in the answer.
 *
 * <p>Errors: COORDINATOR_LOAD_IN_PROGRESS while any partition of the topic is being loaded; INVALID_REGULAR_EXPRESSION for a pattern
 * that is none of RE2's, or larger than {@code odradek.transactional.id.pattern.max.size}; REQUEST_TIMED_OUT if too many wait to be
 * matched.
 */
public final class ListTransactionsHandler implements RequestHandler<ListTransactionsRequest> {
    private final TransactionCoordinator coordinator;
    private final SlowRequests matching;
    private final int mostPatternSize;

    /**
     * @param coordinator the transactional ids of this broker
     * @param matching where they are matched
     * @param mostPatternSize how large a pattern may be
     */
    public ListTransactionsHandler(TransactionCoordinator coordinator, SlowRequests matching, int mostPatternSize) {
        this.coordinator = coordinator;
        this.matching = matching;
        this.mostPatternSize = mostPatternSize;
    }

    @Override
    public void handle(ListTransactionsRequest request, RequestContext context) {
        IdPattern pattern;
        try {
            pattern = pattern(request.transactionalIdPattern());
        } catch (ApiException e) {
            context.respond(new ListTransactionsResponse(e.error(), List.of(), List.of()));
            return;
        }
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
            if (pattern == null || found.isEmpty()) {
                context.respond(response(error, unknown, found));
            } else {
                matching.serve(context, () -> {
                    found.keySet().removeIf(id -> !pattern.matches(id));
                    return response(error, unknown, found);
                });
            }
        });
    }

    /** {@return the pattern that is asked for, null for none} */
    private IdPattern pattern(String text) {
        return text == null || text.isEmpty() ? null : IdPattern.of(text, mostPatternSize);
    }

    private static ListTransactionsResponse response(
            ErrorCode error, List<String> unknown, SortedMap<String, Transaction> found) {
        List<TransactionState> listed = new ArrayList<>(found.size());
        found.forEach((id, transaction) -> listed.add(new TransactionState(
                id, transaction.producer().id(), transaction.state().status().text())));
        return new ListTransactionsResponse(error, unknown, listed);
    }
}
