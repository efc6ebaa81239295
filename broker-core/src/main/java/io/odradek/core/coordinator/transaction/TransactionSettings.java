package io.odradek.core.coordinator.transaction;

/**
 * The settings of the transaction coordinator.
 *
 * @param maxTimeoutMs {@code transaction.max.timeout.ms}: the longest time-out that a producer may ask for, 900,000
 * @param idExpirationMs {@code transactional.id.expiration.ms}: how long an id is kept that nobody uses, 604,800,000
 * @param overdueCheckIntervalMs {@code transaction.abort.timed.out.transaction.cleanup.interval.ms}: how often transactions are
 *     looked for whose time is over, 10,000
 * @param unusedCheckIntervalMs {@code transaction.remove.expired.transaction.cleanup.interval.ms}: how often ids are looked for
 *     that nobody uses, 3,600,000
 * @param commitTimeoutMs how long an answer waits for the replicas; Kafka's fixed 5,000
 * @param transactionVersion {@code odradek.transaction.version}: the finalized feature level, 2
 * @param offsetsPartitions {@code offsets.topic.num.partitions}: of the topic of groups while it does not exist, 50
 */
public record TransactionSettings(
        int maxTimeoutMs,
        long idExpirationMs,
        long overdueCheckIntervalMs,
        long unusedCheckIntervalMs,
        long commitTimeoutMs,
        short transactionVersion,
        int offsetsPartitions) {
    /** Kafka 3.9's defaults, with transactions v2. */
    public static final TransactionSettings DEFAULTS =
            new TransactionSettings(900_000, 604_800_000, 10_000, 3_600_000, 5_000, Transaction.EPOCH_EACH, 50);
}
