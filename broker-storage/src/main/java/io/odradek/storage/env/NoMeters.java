package io.odradek.storage.env;

import java.util.function.LongSupplier;

/** Meters that keep nothing, and every kind of meter they give out: one class for all, as a cold start pays for each. */
final class NoMeters implements Meters, Meters.Counter, Meters.Timer, Meters.Gauge {
    @Override
    public boolean kept() {
        return false;
    }

    @Override
    public Counter counter(String name, String... tags) {
        return this;
    }

    @Override
    public Timer timer(String name, String... tags) {
        return this;
    }

    @Override
    public Gauge gauge(String name, LongSupplier value, String... tags) {
        return this;
    }

    @Override
    public void add(long amount) {
        // nothing is kept
    }

    @Override
    public void took(long nanoseconds) {
        // nothing is kept
    }

    @Override
    public void close() {
        // nothing is shown
    }
}
