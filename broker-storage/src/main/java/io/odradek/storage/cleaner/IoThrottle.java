package io.odradek.storage.cleaner;

import io.odradek.storage.env.Clock;

/**
 * Bounds what all cleaner loops together read and write a second ({@code log.cleaner.io.max.bytes.per.second}): whoever has
 * moved bytes is told how long to wait before it moves more. Thread-safe.
 */
final class IoThrottle {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long NANOS_PER_MS = 1_000_000;
    /** Credit of a time in which nothing was moved is not kept for longer than this. */
    private static final long MOST_CREDIT_NS = 100 * NANOS_PER_MS;

    private final Clock clock;
    private double maxBytesPerSecond;
    private long freeNs;

    /** @param maxBytesPerSecond positive; so large that no wait comes out of it for no bound */
    IoThrottle(Clock clock, double maxBytesPerSecond) {
        this.clock = clock;
        this.maxBytesPerSecond = maxBytesPerSecond;
        this.freeNs = clock.monotonicNs();
    }

    /** Changes the bound, for what is moved from now on. */
    synchronized void bound(double bytesPerSecond) {
        maxBytesPerSecond = bytesPerSecond;
    }

    /** {@return the milliseconds to wait after having moved so many bytes} */
    synchronized long moved(long bytes) {
        long nowNs = clock.monotonicNs();
        freeNs = Math.max(freeNs, nowNs - MOST_CREDIT_NS) + (long) (bytes / maxBytesPerSecond * NANOS_PER_SECOND);
        return Math.max(0, (freeNs - nowNs) / NANOS_PER_MS);
    }
}
