package io.odradek.storage.manager;

import io.odradek.storage.env.EventLoop;
import io.odradek.storage.log.Log;
import java.util.Collection;

/** What is done with all logs of a broker by the clock: retention, forcing by time, forgetting producers. */
final class Housekeeping {
    private static final int LOGS_AT_ONCE = 32;
    private static final long NANOS_PER_MS = 1_000_000;

    private final StorageEnvironment environment;
    private final Collection<Log> logs;
    private final DeferredWork deferred;

    /** @param logs the broker's logs, a live view */
    Housekeeping(StorageEnvironment environment, Collection<Log> logs, DeferredWork deferred) {
        this.environment = environment;
        this.logs = logs;
        this.deferred = deferred;
    }

    void start(Maintenance maintenance, LogManagerSettings.Schedule schedule, LogPass.Visit retention) {
        EventLoop logIo = environment.loops().logIo();
        long delayMs = schedule.initialDelayMs();
        maintenance.after(delayMs, schedule.retentionMs(), new LogPass(logIo, logs, retention, LOGS_AT_ONCE));
        maintenance.after(delayMs, schedule.flushMs(), this::flushDue);
        LogPass expiry = new LogPass(logIo, logs, this::expireProducers, LOGS_AT_ONCE);
        maintenance.after(schedule.producerExpiryMs(), schedule.producerExpiryMs(), expiry);
    }

    /** Has the logs forced that have records unforced, and were not forced for {@code flush.ms}. */
    private void flushDue() {
        long nowNs = environment.clock().monotonicNs();
        for (Log log : logs) {
            long flushMs = log.config().flushMs();
            if (flushMs != Long.MAX_VALUE
                    && log.recoveryPoint() < log.endOffset()
                    && (nowNs - log.flushedNs()) / NANOS_PER_MS >= flushMs) {
                deferred.flushSoon(log);
            }
        }
    }

    private void expireProducers(Log log, Runnable done) {
        environment.loops().owners().ownerOf(log.id()).post(() -> {
            try {
                log.producers().expire(environment.clock().wallMs());
            } finally {
                done.run();
            }
        });
    }
}
