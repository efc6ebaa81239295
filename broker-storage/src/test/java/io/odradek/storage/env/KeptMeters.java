package io.odradek.storage.env;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Meters that a test looks at: each under its name and tags, such as {@code log.size{topic=t,partition=0}}. */
public final class KeptMeters implements Meters {
    private final Map<String, AtomicLong> counters = new ConcurrentHashMap<>();
    private final Map<String, LongSupplier> gauges = new ConcurrentHashMap<>();

    @Override
    public boolean kept() {
        return true;
    }

    @Override
    public Counter counter(String name, String... tags) {
        return of(key(name, tags))::addAndGet;
    }

    /** Sizes are kept as their sum, and how many there were under {@code name.times}. */
    @Override
    public Counter sizes(String name, String... tags) {
        AtomicLong sum = of(key(name, tags));
        AtomicLong times = of(key(name + ".times", tags));
        return amount -> {
            times.incrementAndGet();
            sum.addAndGet(amount);
        };
    }

    /** A timer is kept as how often it took something, and the sum of that under {@code name.sum}. */
    @Override
    public Timer timer(String name, String... tags) {
        AtomicLong times = of(key(name, tags));
        AtomicLong sum = of(key(name + ".sum", tags));
        return nanoseconds -> {
            times.incrementAndGet();
            sum.addAndGet(nanoseconds);
        };
    }

    @Override
    public Gauge gauge(String name, LongSupplier value, String... tags) {
        String key = key(name, tags);
        gauges.put(key, value);
        return () -> gauges.remove(key, value);
    }

    /** {@return what was counted, 0 if nobody asked for the meter} */
    public long counted(String name, String... tags) {
        AtomicLong counter = counters.get(key(name, tags));
        return counter == null ? 0 : counter.get();
    }

    /** {@return what is shown, null if nothing is} */
    public Long shown(String name, String... tags) {
        LongSupplier gauge = gauges.get(key(name, tags));
        return gauge == null ? null : gauge.getAsLong();
    }

    private AtomicLong of(String key) {
        return counters.computeIfAbsent(key, any -> new AtomicLong());
    }

    private static String key(String name, String... tags) {
        Map<String, String> sorted = new TreeMap<>();
        for (int i = 0; i < tags.length; i += 2) {
            sorted.put(tags[i], tags[i + 1]);
        }
        return name + sorted;
    }
}
