package io.odradek.core.coordinator.transaction;

/**
 * What is known of one transactional id. Immutable; {@link Initialization}, {@link Participation}, {@link Ending} and
 * {@link Expiry} decide what comes next.
 *
 * @param producer who may use it
 * @param timeoutMs how long a transaction may stay open, in ms
 * @param state where it stands
 * @param lastUpdateMs when a producer changed it last, in ms since the epoch
 * @param clientVersion the version of transactions that its producer spoke last: 0, or 2 with KIP-890
 */
public record Transaction(
        Producer producer, int timeoutMs, TransactionState state, long lastUpdateMs, short clientVersion) {
    /** Before KIP-890: partitions are added by requests of their own, and epochs stay the same over many transactions. */
    public static final short FIRST_VERSION = 0;

    /** Transactions v2 (KIP-890): each is in an epoch of its own. */
    public static final short EPOCH_EACH = 2;

    /** {@return whether the epoch grows with each transaction} */
    static boolean epochEach(short version) {
        return version >= EPOCH_EACH;
    }

    /** {@return this in another state} */
    Transaction becomes(Producer next, TransactionState nextState, long nowMs, short version) {
        return new Transaction(next, timeoutMs, nextState, nowMs, version);
    }
}
