package io.odradek.server.metrics;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** The sum of all counts of one name, whatever their tags, with what those had counted that are gone. Thread-safe. */
final class Total {
    private final Set<Count> counts = Collections.newSetFromMap(new IdentityHashMap<>());
    private long gone;

    synchronized void add(Count count) {
        counts.add(count);
    }

    synchronized void remove(Count count) {
        if (counts.remove(count)) {
            gone += count.sum();
        }
    }

    synchronized long sum() {
        long sum = gone;
        for (Count count : counts) {
            sum += count.sum();
        }
        return sum;
    }
}
