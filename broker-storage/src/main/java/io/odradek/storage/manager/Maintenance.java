package io.odradek.storage.manager;

import io.odradek.storage.env.EventLoop;

/** Work that is done again and again on a loop, until it is closed. Thread-safe. */
final class Maintenance {
    private final EventLoop loop;
    private boolean closed;

    Maintenance(EventLoop loop) {
        this.loop = loop;
    }

    /** Does the work after each interval, counted from the end of the last time. */
    void every(long intervalMs, Runnable work) {
        after(intervalMs, intervalMs, work);
    }

    /** As {@link #every}, the first time after another delay. */
    void after(long initialDelayMs, long intervalMs, Runnable work) {
        loop.schedule(initialDelayMs, () -> {
            if (!isClosed()) {
                try {
                    work.run();
                } finally {
                    after(intervalMs, intervalMs, work);
                }
            }
        });
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Begins nothing more; what runs now ends by itself. */
    synchronized void close() {
        closed = true;
    }
}
