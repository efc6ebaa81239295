package io.odradek.server.metrics;

import io.micrometer.core.instrument.AbstractMeter;
import io.micrometer.core.instrument.Gauge;
import io.odradek.storage.env.Meters;
import java.util.function.LongSupplier;

/** A whole number that is read when somebody looks, and shown until it is closed. */
final class Value extends AbstractMeter implements Gauge, Meters.Gauge {
    private final LongSupplier number;
    private final BrokerRegistry registry;
    private final Object owner;

    /** @param owner whose it is, which may end before it is closed */
    Value(Id id, LongSupplier number, BrokerRegistry registry, Object owner) {
        super(id);
        this.number = number;
        this.registry = registry;
        this.owner = owner;
    }

    @Override
    public double value() {
        return number.getAsLong();
    }

    long number() {
        return number.getAsLong();
    }

    Object owner() {
        return owner;
    }

    @Override
    public void close() {
        registry.hide(this);
    }
}
