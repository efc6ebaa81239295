package io.odradek.server.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.odradek.storage.env.Meters;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A broker's meters in a Micrometer registry: in that of the distribution, {@link BrokerRegistry}, or in one of whoever embeds a
 * broker, who needs {@code io.micrometer:micrometer-core} on the class path. They are called {@code odradek.} and our name, such
 * as {@code odradek.request.total.time} with the tag {@code api}, and leave the registry when the broker is closed. One of these
 * is for one broker at a time; {@link #of} takes tags that tell several apart.
 *
 * <pre>{@code
 * EmbeddedBroker broker = EmbeddedBroker.builder().meters(MicrometerMeters.of(registry)).start();
 * }</pre>
 */
public final class MicrometerMeters implements Meters {
    static final String PREFIX = "odradek.";

    private final MeterRegistry registry;
    private final Tags common;
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private volatile Given latest = new Given(new String[0], Tags.empty());
    /** What counts or shows under which identity. Guarded by itself. */
    private final Map<Meter.Id, Registered> registered = new HashMap<>();

    /** Whoever has several meters of one thing asks for them with one array of tags: they share what is made of that. */
    private record Given(String[] pairs, Tags tags) {}

    private sealed interface Registered {
        Meter meter();
    }

    /** A meter that is there until the end. */
    private record Kept(Meter meter) implements Registered {}

    private MicrometerMeters(MeterRegistry registry, Tags common) {
        this.registry = registry;
        this.common = common;
    }

    /** {@return meters in a registry} @param tags names and values in turn, which all of them bear */
    public static MicrometerMeters of(MeterRegistry registry, String... tags) {
        return new MicrometerMeters(registry, Tags.of(tags));
    }

    /** {@return what shows all that is in the registry; null if it is somebody else's, who has ways to show it} */
    MetricsText text() {
        return registry instanceof MetricsText text ? text : null;
    }

    @Override
    public boolean kept() {
        return true;
    }

    /** Leaves the registry when all who have asked for it have closed it. */
    @Override
    public Counter counter(String name, String... tags) {
        synchronized (registered) {
            io.micrometer.core.instrument.Counter counter = io.micrometer.core.instrument.Counter.builder(name(name))
                    .tags(tags(tags))
                    .register(registry);
            Registered known = registered.get(counter.getId());
            Counted counted = known instanceof Counted same ? same : new Counted(counter);
            registered.put(counter.getId(), counted);
            counted.users++;
            return counted;
        }
    }

    @Override
    public Counter sizes(String name, String... tags) {
        DistributionSummary summary = kept(DistributionSummary.builder(name(name))
                .baseUnit("bytes")
                .tags(tags(tags))
                .register(registry));
        return summary instanceof Counter ours ? ours : summary::record;
    }

    @Override
    public Timer timer(String name, String... tags) {
        io.micrometer.core.instrument.Timer timer = kept(io.micrometer.core.instrument.Timer.builder(name(name))
                .tags(tags(tags))
                .register(registry));
        return timer instanceof Timer ours ? ours : nanoseconds -> timer.record(nanoseconds, TimeUnit.NANOSECONDS);
    }

    /** Of two who show a value under the same name, the later one is heard. */
    @Override
    public Gauge gauge(String name, LongSupplier value, String... tags) {
        Tags all = tags(tags);
        Meter.Id id = new Meter.Id(name(name), all, null, null, Meter.Type.GAUGE);
        if (registry instanceof OwnGauges gauges) {
            return gauges.show(id, value, this);
        }
        Shown shown = new Shown(value);
        synchronized (registered) {
            shown.gauge = register(id, shown);
            // Under the identity that the registry has made of it: it may give all meters tags of its own.
            Registered earlier = registered.get(shown.gauge.getId());
            if (earlier != null) {
                registry.remove(earlier.meter());
                shown.gauge = register(id, shown);
            }
            registered.put(shown.gauge.getId(), shown);
        }
        return shown;
    }

    private Meter register(Meter.Id id, Shown shown) {
        return io.micrometer.core.instrument.Gauge.builder(id.getName(), shown, Shown::getAsLong)
                .tags(id.getTags())
                .strongReference(true)
                .register(registry);
    }

    @Override
    public void ended() {
        synchronized (registered) {
            registered.values().forEach(each -> registry.remove(each.meter()));
            registered.clear();
        }
        if (registry instanceof OwnGauges gauges) {
            gauges.hideAll(this);
        }
    }

    private String name(String name) {
        return names.computeIfAbsent(name, any -> PREFIX + any);
    }

    private Tags tags(String... pairs) {
        Given given = latest;
        if (given.pairs() != pairs) {
            given = new Given(pairs, common.and(pairs));
            latest = given;
        }
        return given.tags();
    }

    private <M extends Meter> M kept(M meter) {
        synchronized (registered) {
            registered.put(meter.getId(), new Kept(meter));
        }
        return meter;
    }

    private void remove(Registered what) {
        if (registered.remove(what.meter().getId(), what)) {
            registry.remove(what.meter());
        }
    }

    /** A counter, and how many count with it. */
    private final class Counted implements Counter, Registered {
        private final io.micrometer.core.instrument.Counter meter;
        private final Counter counter;
        /** Guarded by the map. */
        private int users;

        Counted(io.micrometer.core.instrument.Counter meter) {
            this.meter = meter;
            this.counter = meter instanceof Counter ours ? ours : meter::increment;
        }

        @Override
        public Meter meter() {
            return meter;
        }

        @Override
        public void add(long amount) {
            counter.add(amount);
        }

        @Override
        public void close() {
            synchronized (registered) {
                users--;
                if (users == 0) {
                    remove(this);
                }
            }
        }
    }

    /** A value that is shown. */
    private final class Shown implements Gauge, LongSupplier, Registered {
        private final LongSupplier value;
        /** Guarded by the map. */
        private Meter gauge;

        Shown(LongSupplier value) {
            this.value = value;
        }

        @Override
        public Meter meter() {
            return gauge;
        }

        @Override
        public long getAsLong() {
            return value.getAsLong();
        }

        @Override
        public void close() {
            synchronized (registered) {
                remove(this);
            }
        }
    }
}
