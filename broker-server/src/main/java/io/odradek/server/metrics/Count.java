package io.odradek.server.metrics;

import io.odradek.storage.env.Meters;
import java.util.concurrent.atomic.LongAdder;

/** A sum of amounts. Its family forgets it when all who count with it have closed it, and goes on with what it had counted. */
final class Count implements Series, Meters.Counter {
    private final LongAdder sum = new LongAdder();
    private final Family family;
    private final Tags tags;
    /** Guarded by the family. */
    private int users;

    Count(Family family, Tags tags) {
        this.family = family;
        this.tags = tags;
    }

    @Override
    public void add(long amount) {
        sum.add(amount);
    }

    @Override
    public void close() {
        family.close(this);
    }

    long sum() {
        return sum.sum();
    }

    Tags tags() {
        return tags;
    }

    void used() {
        users++;
    }

    /** {@return whether nobody counts with it any more} */
    boolean unused() {
        return --users == 0;
    }
}
