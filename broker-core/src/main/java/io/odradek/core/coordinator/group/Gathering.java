package io.odradek.core.coordinator.group;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * The parts of one response, which come from several loops in any order. The last one completes it.
 *
 * @param <T> a part
 */
final class Gathering<T> {
    private final AtomicReferenceArray<T> parts;
    private final AtomicInteger missing;
    private final Consumer<List<T>> complete;

    private Gathering(int count, Consumer<List<T>> complete) {
        this.parts = new AtomicReferenceArray<>(count);
        this.missing = new AtomicInteger(count);
        this.complete = complete;
    }

    /** {@return a gathering of so many parts; of none it is complete at once} */
    static <T> Gathering<T> of(int count, Consumer<List<T>> complete) {
        Gathering<T> gathering = new Gathering<>(count, complete);
        if (count == 0) {
            complete.accept(List.of());
        }
        return gathering;
    }

    /** Takes a part; each place is filled once. */
    void put(int place, T part) {
        if (!parts.compareAndSet(place, null, part)) {
            throw new IllegalStateException("Part " + place + " of a response came twice");
        }
        if (missing.decrementAndGet() == 0) {
            List<T> all = new ArrayList<>(parts.length());
            for (int i = 0; i < parts.length(); i++) {
                all.add(parts.get(i));
            }
            complete.accept(all);
        }
    }
}
