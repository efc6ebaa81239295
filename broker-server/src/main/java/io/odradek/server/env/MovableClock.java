package io.odradek.server.env;

import io.odradek.storage.env.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The system's clock, moved: it runs as fast, and may be set forward while it runs. Wall time and monotonic time move together.
 * Who sleeps until a time of this clock has to be woken when it is moved. Thread-safe.
 */
public final class MovableClock implements Clock {
    /** So far it may be set forward in all: its nanoseconds would come to an end a little later. */
    public static final Duration FURTHEST = Duration.ofDays(200 * 365);

    private final long wallShiftMs;
    private volatile long aheadNs;

    private MovableClock(long wallShiftMs) {
        this.wallShiftMs = wallShiftMs;
    }

    /** {@return a clock that shows the system's time until it is moved} */
    public static MovableClock fromNow() {
        return new MovableClock(0);
    }

    /** {@return a clock on which it is this time now} */
    public static MovableClock from(Instant start) {
        return new MovableClock(start.toEpochMilli() - System.currentTimeMillis());
    }

    @Override
    public long wallMs() {
        return System.currentTimeMillis() + wallShiftMs + aheadNs / 1_000_000;
    }

    @Override
    public long monotonicNs() {
        return System.nanoTime() + aheadNs;
    }

    /** @throws IllegalArgumentException if it would be ahead by more than {@link #FURTHEST} then */
    public void requireRoom(long byNs) {
        if (byNs > FURTHEST.toNanos() - aheadNs) {
            throw new IllegalArgumentException("A clock can be set forward by " + FURTHEST.toDays() + " days in all");
        }
    }

    /** Sets it forward; does nothing for what is not positive. */
    public synchronized void forward(long byNs) {
        aheadNs += Math.max(0, byNs);
    }
}
