package io.odradek.storage.manager;

import io.odradek.storage.log.LogContext;

/**
 * The settings of a {@link LogManager}.
 *
 * @param checkpointIntervalMs {@code log.flush.offset.checkpoint.interval.ms}: how often recovery points and log starts are
 *     saved
 * @param producers bounds of each log's producer state
 */
public record LogManagerSettings(long checkpointIntervalMs, LogContext.ProducerLimits producers) {
    /** Kafka's defaults. */
    public static final LogManagerSettings DEFAULT = new LogManagerSettings(60_000, LogContext.ProducerLimits.DEFAULT);
}
