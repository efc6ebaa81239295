package io.odradek.server.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Timer;
import io.odradek.storage.env.Meters;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** How durations are distributed, in nanoseconds. Those of less than none are not taken. */
final class Times extends Distribution implements Timer, Meters.Timer {
    /** Nanoseconds are kept in steps of 128, which is about what looking at the clock takes; the longest are two hours. */
    private static final int STEP_BITS = 7;

    private final Clock clock;

    Times(Id id, Clock clock) {
        super(id, STEP_BITS);
        this.clock = clock;
    }

    @Override
    public void took(long nanoseconds) {
        add(nanoseconds);
    }

    @Override
    public void record(long amount, TimeUnit unit) {
        if (amount >= 0) {
            add(unit.toNanos(amount));
        }
    }

    @Override
    public <T> T record(Supplier<T> task) {
        long startNs = clock.monotonicTime();
        try {
            return task.get();
        } finally {
            add(clock.monotonicTime() - startNs);
        }
    }

    @Override
    public <T> T recordCallable(Callable<T> task) throws Exception {
        long startNs = clock.monotonicTime();
        try {
            return task.call();
        } finally {
            add(clock.monotonicTime() - startNs);
        }
    }

    @Override
    public void record(Runnable task) {
        record(() -> {
            task.run();
            return null;
        });
    }

    @Override
    public double totalTime(TimeUnit unit) {
        return inUnit(sum(), unit);
    }

    @Override
    public double max(TimeUnit unit) {
        return inUnit(most(), unit);
    }

    @Override
    public TimeUnit baseTimeUnit() {
        return TimeUnit.SECONDS;
    }

    @Override
    public Iterable<Measurement> measure() {
        return Timer.super.measure();
    }

    private static double inUnit(double nanoseconds, TimeUnit unit) {
        return nanoseconds / unit.toNanos(1);
    }
}
