package io.odradek.storage.manager;

import io.odradek.storage.env.Clock;

/**
 * How fast logs are copied from one folder to another, all of them together ({@code
 * replica.alter.log.dirs.io.max.bytes.per.second}, KIP-113). What has been copied is owed, and paid off as time passes; while
 * anything is owed, nobody copies. Thread-safe.
 */
final class MovePace {
    /** The bound that is none. */
    static final long UNBOUNDED = Long.MAX_VALUE;

    /** Who waits looks again after this, as the bound may have changed. */
    private static final long LONGEST_WAIT_MS = 1_000;

    private static final double MS_PER_SECOND = 1_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Clock clock;
    private long bytesPerSecond = UNBOUNDED;
    private double owedBytes;
    private long reckonedNs;

    MovePace(Clock clock) {
        this.clock = clock;
    }

    /** Lets so much through from now on, {@link #UNBOUNDED} for all. */
    synchronized void bound(long mostBytesPerSecond) {
        reckon();
        bytesPerSecond = mostBytesPerSecond;
        if (mostBytesPerSecond == UNBOUNDED) {
            owedBytes = 0;
        }
    }

    /** So many bytes are being copied. */
    synchronized void copied(long sizeBytes) {
        if (bytesPerSecond != UNBOUNDED) {
            reckon();
            owedBytes += sizeBytes;
        }
    }

    /** {@return for how long nothing is to be copied, in milliseconds; 0 if something may be now} */
    synchronized long waitMs() {
        if (bytesPerSecond == UNBOUNDED) {
            return 0;
        }
        reckon();
        if (bytesPerSecond == 0) {
            return LONGEST_WAIT_MS;
        }
        return Math.min(LONGEST_WAIT_MS, (long) Math.ceil(owedBytes * MS_PER_SECOND / bytesPerSecond));
    }

    private void reckon() {
        long nowNs = clock.monotonicNs();
        if (bytesPerSecond != UNBOUNDED) {
            owedBytes = Math.max(0, owedBytes - bytesPerSecond * ((nowNs - reckonedNs) / NANOS_PER_SECOND));
        }
        reckonedNs = nowNs;
    }
}
