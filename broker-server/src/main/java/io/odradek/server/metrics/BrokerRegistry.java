package io.odradek.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.cumulative.CumulativeCounter;
import io.micrometer.core.instrument.cumulative.CumulativeDistributionSummary;
import io.micrometer.core.instrument.cumulative.CumulativeFunctionCounter;
import io.micrometer.core.instrument.cumulative.CumulativeFunctionTimer;
import io.micrometer.core.instrument.cumulative.CumulativeTimer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.internal.DefaultGauge;
import io.micrometer.core.instrument.internal.DefaultLongTaskTimer;
import io.micrometer.core.instrument.internal.DefaultMeter;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Meters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The registry of the distribution, where a broker's meters are ({@link MicrometerMeters} puts them there), those of its JVM, and
 * whatever else somebody puts there. The MBeans and {@link PrometheusText} are views of it. What the broker counts with is ours:
 * where something happens there is an add and nothing else; rates and percentiles are reckoned for who looks. All other meters
 * are as Micrometer has them, without percentiles and histograms, for which it would need more than itself.
 */
public final class BrokerRegistry extends MeterRegistry implements MetricsText, OwnGauges, AutoCloseable {
    private final Clock brokerClock;
    private final long startNs;
    private final PrometheusText text = new PrometheusText(this);
    private final AtomicLong changes = new AtomicLong();
    private final Map<String, Total> totals = new ConcurrentHashMap<>();
    /**
     * The broker's values, which are ten of each partition: in the three maps that Micrometer has of every meter, one would take
     * three times as much.
     */
    private final Map<Meter.Id, Value> shown = new ConcurrentHashMap<>();
    /** Guarded by this. */
    private JvmMeters ofJvm;

    /** @param clock the broker's */
    public BrokerRegistry(Clock clock) {
        super(new ClockForMicrometer(clock));
        brokerClock = clock;
        startNs = clock.monotonicNs();
        config().onMeterAdded(this::added).onMeterRemoved(this::removed);
    }

    private record ClockForMicrometer(Clock clock) implements io.micrometer.core.instrument.Clock {
        @Override
        public long wallTime() {
            return clock.wallMs();
        }

        @Override
        public long monotonicTime() {
            return clock.monotonicNs();
        }
    }

    private void added(Meter meter) {
        if (meter instanceof Count count) {
            totals.computeIfAbsent(meter.getId().getName(), any -> new Total()).add(count);
        }
        changes.incrementAndGet();
    }

    private void removed(Meter meter) {
        if (meter instanceof Count count) {
            totals.get(meter.getId().getName()).remove(count);
        }
        changes.incrementAndGet();
    }

    @Override
    public Meters.Gauge show(Meter.Id id, LongSupplier value, Object owner) {
        Value made = new Value(id, value, this, owner);
        shown.put(id, made);
        changes.incrementAndGet();
        return made;
    }

    void hide(Value value) {
        shown.computeIfPresent(value.getId(), (id, heard) -> heard == value ? null : heard);
        changes.incrementAndGet();
    }

    @Override
    public void hideAll(Object owner) {
        shown.values().removeIf(value -> value.owner() == owner);
        changes.incrementAndGet();
    }

    @Override
    public List<Meter> getMeters() {
        List<Meter> all = new ArrayList<>();
        forEachMeter(all::add);
        return all;
    }

    @Override
    public void forEachMeter(Consumer<? super Meter> consumer) {
        super.forEachMeter(consumer);
        shown.values().forEach(consumer);
    }

    /** The first time, meters of the JVM come into the registry: a start and its memory do not pay for them. */
    @Override
    public void writeTo(Appendable out) throws IOException {
        synchronized (this) {
            if (ofJvm == null && !isClosed()) {
                ofJvm = JvmMeters.bind(this);
            }
        }
        text.writeTo(out);
    }

    /** Leaves nothing behind that listens to the JVM. */
    @Override
    public synchronized void close() {
        if (ofJvm != null) {
            ofJvm.close();
        }
        super.close();
    }

    Clock brokerClock() {
        return brokerClock;
    }

    /** {@return the monotonic time of its beginning} */
    long startNs() {
        return startNs;
    }

    /** {@return a number that has grown when meters have come or gone} */
    long changes() {
        return changes.get();
    }

    /** {@return the sum of all that counts under a name, whatever the tags, and of what has done so} */
    long total(String name) {
        Total total = totals.get(name);
        return total == null ? 0 : total.sum();
    }

    /** {@return all meters as they are now, by their names} */
    SortedMap<String, List<Meter>> byName() {
        SortedMap<String, List<Meter>> byName = new TreeMap<>();
        forEachMeter(meter -> byName.computeIfAbsent(meter.getId().getName(), any -> new ArrayList<>())
                .add(meter));
        return byName;
    }

    private static boolean isOurs(Meter.Id id) {
        return id.getName().startsWith(MicrometerMeters.PREFIX);
    }

    @Override
    protected Counter newCounter(Meter.Id id) {
        return isOurs(id) ? new Count(id) : new CumulativeCounter(id);
    }

    @Override
    protected Timer newTimer(Meter.Id id, DistributionStatisticConfig unheeded, PauseDetector pauses) {
        return isOurs(id)
                ? new Times(id, clock)
                : new CumulativeTimer(id, clock, defaultHistogramConfig(), pauses, getBaseTimeUnit(), false);
    }

    @Override
    protected DistributionSummary newDistributionSummary(
            Meter.Id id, DistributionStatisticConfig unheeded, double scale) {
        return isOurs(id)
                ? new Sizes(id)
                : new CumulativeDistributionSummary(id, clock, defaultHistogramConfig(), scale, false);
    }

    @Override
    protected LongTaskTimer newLongTaskTimer(Meter.Id id, DistributionStatisticConfig unheeded) {
        return new DefaultLongTaskTimer(id, clock, getBaseTimeUnit(), defaultHistogramConfig(), false);
    }

    @Override
    protected <T> Gauge newGauge(Meter.Id id, T of, ToDoubleFunction<T> value) {
        return new DefaultGauge<>(id, of, value);
    }

    @Override
    protected Meter newMeter(Meter.Id id, Meter.Type type, Iterable<Measurement> measurements) {
        return new DefaultMeter(id, type, measurements);
    }

    @Override
    protected <T> FunctionTimer newFunctionTimer(
            Meter.Id id, T of, ToLongFunction<T> count, ToDoubleFunction<T> time, TimeUnit unit) {
        return new CumulativeFunctionTimer<>(id, of, count, time, unit, getBaseTimeUnit());
    }

    @Override
    protected <T> FunctionCounter newFunctionCounter(Meter.Id id, T of, ToDoubleFunction<T> count) {
        return new CumulativeFunctionCounter<>(id, of, count);
    }

    @Override
    protected TimeUnit getBaseTimeUnit() {
        return TimeUnit.SECONDS;
    }

    @Override
    protected DistributionStatisticConfig defaultHistogramConfig() {
        return DistributionStatisticConfig.DEFAULT;
    }
}
