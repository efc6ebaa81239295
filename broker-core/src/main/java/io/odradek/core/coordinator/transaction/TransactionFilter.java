package io.odradek.core.coordinator.transaction;

import java.util.Set;

/**
 * Which transactional ids ListTransactions is to show (KIP-664, KIP-994).
 *
 * @param states the states they are in, none for all
 * @param producerIds the producer ids they have, none for all
 * @param longerThanMs for how long their transaction has been running at least, in ms; negative for all. An id that had none
 *     yet passes, as with Kafka
 */
public record TransactionFilter(Set<TransactionStatus> states, Set<Long> producerIds, long longerThanMs) {
    boolean passes(Transaction transaction, long nowMs) {
        boolean longEnough = longerThanMs < 0 || nowMs - transaction.state().startMs() > longerThanMs;
        return longEnough
                && (states.isEmpty() || states.contains(transaction.state().status()))
                && (producerIds.isEmpty()
                        || producerIds.contains(transaction.producer().id()));
    }
}
