package io.odradek.server.metrics;

import io.odradek.storage.env.Meters;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** All meters of one name. */
final class Family {
    private final String name;
    private final AtomicLong changes;
    private final Map<Tags, Series> series = new ConcurrentHashMap<>();
    /** What those have counted that are closed. Guarded by this. */
    private long closedSum;

    /** @param changes grows whenever a meter comes or goes */
    Family(String name, AtomicLong changes) {
        this.name = name;
        this.changes = changes;
    }

    String name() {
        return name;
    }

    synchronized Count count(Tags tags) {
        Count count = (Count) ofKind(Count.class, tags, () -> new Count(this, tags));
        count.used();
        return count;
    }

    Distribution distribution(Tags tags, Supplier<Distribution> made) {
        return (Distribution) ofKind(Distribution.class, tags, made);
    }

    /** Of two who show a value under the same name, the later one is heard. */
    Meters.Gauge show(Tags tags, LongSupplier value) {
        Series.Shown shown = new Series.Shown(value);
        series.put(tags, shown);
        changes.incrementAndGet();
        return () -> {
            if (series.remove(tags, shown)) {
                changes.incrementAndGet();
            }
        };
    }

    synchronized void close(Count count) {
        if (count.unused()) {
            series.remove(count.tags());
            closedSum += count.sum();
            changes.incrementAndGet();
        }
    }

    /** {@return the sum of what was counted, whatever the tags, by those too that are closed} */
    synchronized long total() {
        long total = closedSum;
        for (Series one : series.values()) {
            if (one instanceof Count count) {
                total += count.sum();
            }
        }
        return total;
    }

    /** {@return the series as they are now, in an order that stays} */
    SortedMap<Tags, Series> all() {
        return new TreeMap<>(series);
    }

    private Series ofKind(Class<? extends Series> kind, Tags tags, Supplier<? extends Series> made) {
        Series found = series.get(tags);
        if (found == null) {
            Series fresh = made.get();
            found = series.putIfAbsent(tags, fresh);
            if (found == null) {
                changes.incrementAndGet();
                return fresh;
            }
        }
        if (!kind.isInstance(found)) {
            throw new IllegalArgumentException("Meter " + name + tags + " is of another kind");
        }
        return found;
    }
}
