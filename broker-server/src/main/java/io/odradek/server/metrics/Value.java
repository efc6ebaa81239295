package io.odradek.server.metrics;

import io.micrometer.core.instrument.AbstractMeter;
import io.micrometer.core.instrument.Gauge;
import java.util.function.LongSupplier;

/** A whole number that is read when somebody looks. */
final class Value extends AbstractMeter implements Gauge {
    private final LongSupplier number;

    Value(Id id, LongSupplier number) {
        super(id);
        this.number = number;
    }

    @Override
    public double value() {
        return number.getAsLong();
    }

    long number() {
        return number.getAsLong();
    }
}
