package io.odradek.server.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Measurement;
import io.odradek.storage.env.Meters;

/** How sizes are distributed, in bytes. */
final class Sizes extends Distribution implements DistributionSummary, Meters.Counter {
    Sizes(Id id) {
        super(id, 0);
    }

    @Override
    public void record(double amount) {
        if (amount >= 0) {
            add(Math.round(amount));
        }
    }

    @Override
    public double totalAmount() {
        return sum();
    }

    @Override
    public double mean() {
        return super.mean();
    }

    @Override
    public double max() {
        return most();
    }

    @Override
    public Iterable<Measurement> measure() {
        return DistributionSummary.super.measure();
    }

    @Override
    public void close() {
        // how many use it, the registry does not know
    }
}
