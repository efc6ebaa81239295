package io.odradek.core.coordinator.transaction;

import io.odradek.core.coordinator.transaction.TransactionState.Complete;
import io.odradek.core.coordinator.transaction.TransactionState.Dead;
import io.odradek.core.coordinator.transaction.TransactionState.Empty;

/** What time ends: pure decisions. */
final class Expiry {
    private Expiry() {}

    /** {@return whether a transaction has been open for longer than its producer has allowed} */
    static boolean isOverdue(Transaction transaction, long nowMs) {
        return Ending.isOpen(transaction.state()) && nowMs - transaction.state().startMs() > transaction.timeoutMs();
    }

    /**
     * {@return whether a transactional id has not been used for so long that it may be forgotten}
     *
     * @param expirationMs {@code transactional.id.expiration.ms}
     */
    static boolean isUnused(Transaction transaction, long expirationMs, long nowMs) {
        TransactionState state = transaction.state();
        boolean atRest = state instanceof Empty || state instanceof Complete || state instanceof Dead;
        return atRest && nowMs - transaction.lastUpdateMs() >= expirationMs;
    }
}
