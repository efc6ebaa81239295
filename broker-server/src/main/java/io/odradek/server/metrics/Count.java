package io.odradek.server.metrics;

import io.micrometer.core.instrument.AbstractMeter;
import io.micrometer.core.instrument.Counter;
import io.odradek.storage.env.Meters;
import java.util.concurrent.atomic.LongAdder;

/** A sum of whole amounts. */
final class Count extends AbstractMeter implements Counter, Meters.Counter {
    private final LongAdder sum = new LongAdder();

    Count(Id id) {
        super(id);
    }

    @Override
    public void add(long amount) {
        sum.add(amount);
    }

    @Override
    public void increment(double amount) {
        sum.add(Math.round(amount));
    }

    @Override
    public double count() {
        return sum.sum();
    }

    long sum() {
        return sum.sum();
    }

    @Override
    public void close() {
        // how many use it, the registry does not know
    }
}
