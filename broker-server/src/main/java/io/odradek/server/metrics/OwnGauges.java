package io.odradek.server.metrics;

import io.micrometer.core.instrument.Meter;
import io.odradek.storage.env.Meters;
import java.util.function.LongSupplier;

/** A registry that has a place of its own for values that are shown. */
interface OwnGauges {
    /**
     * Shows a value; of two of the same identity, the later one is heard.
     *
     * @param owner whose it is
     * @return forgets it
     */
    Meters.Gauge show(Meter.Id id, LongSupplier value, Object owner);

    /** Forgets all that somebody shows. */
    void hideAll(Object owner);
}
