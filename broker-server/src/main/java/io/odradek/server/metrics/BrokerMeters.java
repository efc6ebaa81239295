package io.odradek.server.metrics;

import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Meters;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Meters of one broker, kept until somebody looks. Where something happens there is an add and nothing else; rates and percentiles
 * are reckoned for who looks. Thread-safe.
 */
public final class BrokerMeters implements Meters, MetricsText {
    private final Clock clock;
    private final long startNs;
    private final PrometheusText text = new PrometheusText(this);
    private final AtomicLong changes = new AtomicLong();
    private final Map<String, Family> families = new ConcurrentSkipListMap<>();

    /** @param clock the broker's */
    public BrokerMeters(Clock clock) {
        this.clock = clock;
        this.startNs = clock.monotonicNs();
    }

    @Override
    public boolean kept() {
        return true;
    }

    @Override
    public Counter counter(String name, String... tags) {
        return family(name).count(new Tags(tags));
    }

    @Override
    public Counter sizes(String name, String... tags) {
        return family(name).distribution(new Tags(tags), Distribution::ofSizes);
    }

    @Override
    public Timer timer(String name, String... tags) {
        return family(name).distribution(new Tags(tags), Distribution::ofTimes);
    }

    @Override
    public Gauge gauge(String name, LongSupplier value, String... tags) {
        return family(name).show(new Tags(tags), value);
    }

    @Override
    public void writeTo(Appendable out) throws IOException {
        text.writeTo(out);
    }

    Clock clock() {
        return clock;
    }

    /** {@return the monotonic time of its beginning} */
    long startNs() {
        return startNs;
    }

    /** {@return all families, by name} */
    Collection<Family> families() {
        return families.values();
    }

    /** {@return the meters of a name, null if nobody has asked for one} */
    Family named(String name) {
        return families.get(name);
    }

    /** {@return a number that has grown when meters have come or gone} */
    long changes() {
        return changes.get();
    }

    private Family family(String name) {
        return families.computeIfAbsent(name, any -> new Family(any, changes));
    }
}
