package io.odradek.storage.manager;

import io.odradek.storage.cleaner.CleanerSettings;
import io.odradek.storage.log.LogContext;

/**
 * The settings of a {@link LogManager}.
 *
 * @param checkpointIntervalMs {@code log.flush.offset.checkpoint.interval.ms}: how often recovery points are saved
 * @param commitAppends {@code log.flush.policy=commit}: whether all that is appended is forced before it is acknowledged
 *     or shown, whatever {@code flush.messages} says
 * @param producers bounds of each log's producer state
 * @param schedule what is done with all logs by the clock
 * @param cleaner how compacted logs are cleaned
 * @param recovery how logs are recovered after an unclean stop
 * @param mostLogs how many logs the heap is thought to have room for; more are loaded with a warning
 */
public record LogManagerSettings(
        long checkpointIntervalMs,
        boolean commitAppends,
        LogContext.ProducerLimits producers,
        Schedule schedule,
        CleanerSettings cleaner,
        LogContext.Recovery recovery,
        int mostLogs) {
    /** Kafka's defaults. */
    public static final LogManagerSettings DEFAULT = new LogManagerSettings(
            60_000, false, LogContext.ProducerLimits.standard(), Schedule.DEFAULT, CleanerSettings.DEFAULT);

    /** As the canonical one, with the default for what recoveries leave, and any number of logs. */
    public LogManagerSettings(
            long checkpointIntervalMs,
            boolean commitAppends,
            LogContext.ProducerLimits producers,
            Schedule schedule,
            CleanerSettings cleaner) {
        this(
                checkpointIntervalMs,
                commitAppends,
                producers,
                schedule,
                cleaner,
                LogContext.Recovery.DEFAULT,
                Integer.MAX_VALUE);
    }

    /** As the canonical one, with Kafka's defaults for the cleaner. */
    public LogManagerSettings(
            long checkpointIntervalMs, boolean commitAppends, LogContext.ProducerLimits producers, Schedule schedule) {
        this(checkpointIntervalMs, commitAppends, producers, schedule, CleanerSettings.DEFAULT);
    }

    /**
     * When the work on all logs is done; in milliseconds.
     *
     * @param initialDelayMs {@code log.initial.task.delay.ms}: before retention and flushes by time run first
     * @param retentionMs {@code log.retention.check.interval.ms}
     * @param flushMs how often logs are looked for that {@code flush.ms} wants forced: {@code
     *     log.flush.scheduler.interval.ms}, where that is set
     * @param producerExpiryMs {@code producer.id.expiration.check.interval.ms}
     * @param startCheckpointMs {@code log.flush.start.offset.checkpoint.interval.ms}: how often log starts are saved, apart
     *     from when they must be
     */
    public record Schedule(
            long initialDelayMs, long retentionMs, long flushMs, long producerExpiryMs, long startCheckpointMs) {
        /** Kafka's defaults; but {@code flush.ms} is looked at every second, where Kafka does not unless told how often. */
        public static final Schedule DEFAULT = new Schedule(30_000, 300_000, 1_000, 600_000, 60_000);
    }
}
