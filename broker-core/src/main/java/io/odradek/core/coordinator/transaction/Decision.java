package io.odradek.core.coordinator.transaction;

import io.odradek.protocol.errors.ErrorCode;

/** What comes of a request for a transactional id. */
sealed interface Decision {
    /**
     * The id changes, and the producer is told once that is committed.
     *
     * @param next what is to be stored
     * @param verdict what the producer is told
     */
    record Change(Transaction next, Verdict verdict) implements Decision {}

    /**
     * Nothing changes.
     *
     * @param verdict what the producer is told
     */
    record Stay(Verdict verdict) implements Decision {}

    /** A new producer id is needed: to be decided again with one. */
    record NeedsProducerId() implements Decision {}

    /** {@return a decision that changes nothing} */
    static Decision refuse(ErrorCode error) {
        return new Stay(Verdict.of(error));
    }
}
