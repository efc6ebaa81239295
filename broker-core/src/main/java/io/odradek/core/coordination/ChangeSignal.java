package io.odradek.core.coordination;

import io.odradek.storage.env.EventLoop;

/**
 * Tells a listener on its loop that something has changed and is to be read again. Level-triggered: several changes before
 * the listener has run are one call. Thread-safe.
 */
public final class ChangeSignal {
    private final EventLoop loop;
    private final Runnable listener;
    private volatile boolean called;
    private volatile boolean closed;

    /**
     * @param loop where the listener is called
     * @param listener reads again
     */
    public ChangeSignal(EventLoop loop, Runnable listener) {
        this.loop = loop;
        this.listener = listener;
    }

    /** Something has changed. */
    public void changed() {
        if (!called) {
            called = true;
            loop.post(() -> {
                called = false;
                if (!closed) {
                    listener.run();
                }
            });
        }
    }

    /** The listener is not called any more. */
    public void close() {
        closed = true;
    }
}
