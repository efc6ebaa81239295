package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.env.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the broker's log how far the loading of logs is, every few seconds while it lasts. Thread-safe. */
final class LoadingProgress {
    private static final long NANOS_PER_MS = 1_000_000;
    private static final long INTERVAL_NS = 5_000 * NANOS_PER_MS;
    private static final long BYTES_PER_MIB = 1 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(LoadingProgress.class);

    private final Clock clock;
    private final long startNs;
    private long lastNs;
    private int loaded;
    private int total;

    LoadingProgress(Clock clock) {
        this.clock = clock;
        this.startNs = clock.monotonicNs();
        this.lastNs = startNs;
    }

    /** So many logs are to be loaded. */
    synchronized void begin(int logs) {
        total = logs;
    }

    /** One more log is loaded. */
    synchronized void loaded() {
        loaded++;
        if (isTime()) {
            LOG.info("Loaded {} of {} logs in {} ms", loaded, total, sinceStartMs());
        }
    }

    /** A log is being read, which takes long. */
    synchronized void reading(TopicPartition id, int segmentsLeft, long bytesLeft) {
        if (isTime()) {
            LOG.info(
                    "Loaded {} of {} logs in {} ms; reading {}: {} segments left, of this one {} MiB",
                    loaded,
                    total,
                    sinceStartMs(),
                    id,
                    segmentsLeft,
                    bytesLeft / BYTES_PER_MIB);
        }
    }

    private long sinceStartMs() {
        return (clock.monotonicNs() - startNs) / NANOS_PER_MS;
    }

    private boolean isTime() {
        long nowNs = clock.monotonicNs();
        if (nowNs - lastNs < INTERVAL_NS) {
            return false;
        }
        lastNs = nowNs;
        return true;
    }
}
