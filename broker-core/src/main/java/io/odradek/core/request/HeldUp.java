package io.odradek.core.request;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the requests that large batches or questions to coordinators hold up, which are in work meanwhile: beyond the bound
 * there are no more, so that the rest of {@code queued.max.requests} is there for everybody else. Thread-safe.
 */
final class HeldUp {
    private final int most;
    private final AtomicInteger count = new AtomicInteger();

    HeldUp(int most) {
        this.most = most;
    }

    /** {@return whether one more may be} */
    boolean enter() {
        if (count.incrementAndGet() <= most) {
            return true;
        }
        count.decrementAndGet();
        return false;
    }

    /** One goes on. */
    void leave() {
        count.decrementAndGet();
    }
}
