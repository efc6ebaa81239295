package io.odradek.storage.env;

import java.util.function.LongSupplier;

/** Meters that keep nothing. */
final class NoMeters implements Meters {
    private static final Nothing NOTHING = new Nothing();

    /** One for all kinds; a class and not lambdas, which would cost a cold start. */
    private static final class Nothing implements Counter, Timer, Gauge {
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

    @Override
    public boolean kept() {
        return false;
    }

    @Override
    public Counter counter(String name, String... tags) {
        return NOTHING;
    }

    @Override
    public Timer timer(String name, String... tags) {
        return NOTHING;
    }

    @Override
    public Gauge gauge(String name, LongSupplier value, String... tags) {
        return NOTHING;
    }
}
