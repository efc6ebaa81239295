package io.odradek.server.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.odradek.storage.env.Meters;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A broker's meters in a Micrometer registry of whoever embeds it, which needs {@code io.micrometer:micrometer-core} on the class
 * path. They are called {@code odradek.} and our name, such as {@code odradek.request.total.time} with the tag {@code
 * api}, and leave the registry when the broker is closed. One of these is for one broker at a time; {@link #of} takes tags that
 * tell several apart.
 *
 * <pre>{@code
 * EmbeddedBroker broker = EmbeddedBroker.builder().meters(MicrometerMeters.of(registry)).start();
 * }</pre>
 */
public final class MicrometerMeters implements Meters {
    private static final String PREFIX = "odradek.";

    private final MeterRegistry registry;
    private final Tags common;
    /** What counts or shows under which identity: of a gauge its value, otherwise the meter. */
    private final Map<Meter.Id, Object> registered = new ConcurrentHashMap<>();

    private MicrometerMeters(MeterRegistry registry, Tags common) {
        this.registry = registry;
        this.common = common;
    }

    /** {@return meters in a registry} @param tags names and values in turn, which all of them bear */
    public static MicrometerMeters of(MeterRegistry registry, String... tags) {
        return new MicrometerMeters(registry, Tags.of(tags));
    }

    @Override
    public boolean kept() {
        return true;
    }

    @Override
    public Counter counter(String name, String... tags) {
        io.micrometer.core.instrument.Counter counter =
                kept(io.micrometer.core.instrument.Counter.builder(PREFIX + name)
                        .tags(common.and(tags))
                        .register(registry));
        return new Counter() {
            @Override
            public void add(long amount) {
                counter.increment(amount);
            }

            @Override
            public void close() {
                remove(counter.getId(), counter);
            }
        };
    }

    @Override
    public Counter sizes(String name, String... tags) {
        return kept(DistributionSummary.builder(PREFIX + name)
                .baseUnit("bytes")
                .tags(common.and(tags))
                .register(registry))::record;
    }

    @Override
    public Timer timer(String name, String... tags) {
        io.micrometer.core.instrument.Timer timer = kept(io.micrometer.core.instrument.Timer.builder(PREFIX + name)
                .tags(common.and(tags))
                .register(registry));
        return nanoseconds -> timer.record(nanoseconds, TimeUnit.NANOSECONDS);
    }

    /** Of two who show a value under the same name, the later one is heard. */
    @Override
    public Gauge gauge(String name, LongSupplier value, String... tags) {
        Tags all = common.and(tags);
        for (io.micrometer.core.instrument.Gauge other :
                registry.find(PREFIX + name).tags(all).gauges()) {
            if (Tags.of(other.getId().getTags()).equals(all)) {
                registry.remove(other);
            }
        }
        Meter gauge = io.micrometer.core.instrument.Gauge.builder(PREFIX + name, value::getAsLong)
                .tags(all)
                .strongReference(true)
                .register(registry);
        registered.put(gauge.getId(), value);
        return () -> remove(gauge.getId(), value);
    }

    @Override
    public void ended() {
        registered.forEach(this::remove);
    }

    private <M extends Meter> M kept(M meter) {
        registered.put(meter.getId(), meter);
        return meter;
    }

    private void remove(Meter.Id id, Object what) {
        if (registered.remove(id, what)) {
            registry.remove(id);
        }
    }
}
