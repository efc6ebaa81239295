package io.odradek.core.request.transaction;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Parts of an answer that come on any thread, each once; the last one brings them all, in the order in which they were asked for.
 *
 * @param <T> a part
 */
final class Gathered<T> {
    private final List<T> parts;
    private final Consumer<List<T>> whole;
    private int missing;

    /**
     * @param count how many there will be; for none the whole is there at once
     * @param whole takes all of them
     */
    Gathered(int count, Consumer<List<T>> whole) {
        this.parts = new ArrayList<>(Collections.nCopies(count, null));
        this.whole = whole;
        this.missing = count;
        if (count == 0) {
            whole.accept(parts);
        }
    }

    /** A part has come. */
    void put(int index, T part) {
        synchronized (this) {
            parts.set(index, part);
            missing--;
            if (missing > 0) {
                return;
            }
        }
        whole.accept(parts);
    }
}
