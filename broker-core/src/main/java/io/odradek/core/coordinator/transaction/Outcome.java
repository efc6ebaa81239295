package io.odradek.core.coordinator.transaction;

/** How a transaction ends. */
public enum Outcome {
    /** All of it counts. */
    COMMIT(TransactionStatus.PREPARE_COMMIT, TransactionStatus.COMPLETE_COMMIT),
    /** Nothing of it counts. */
    ABORT(TransactionStatus.PREPARE_ABORT, TransactionStatus.COMPLETE_ABORT);

    private final TransactionStatus prepared;
    private final TransactionStatus complete;

    Outcome(TransactionStatus prepared, TransactionStatus complete) {
        this.prepared = prepared;
        this.complete = complete;
    }

    TransactionStatus prepared() {
        return prepared;
    }

    TransactionStatus complete() {
        return complete;
    }
}
