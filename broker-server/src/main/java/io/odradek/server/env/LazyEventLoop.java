package io.odradek.server.env;

import io.odradek.core.partition.OwnerLoop;
import io.odradek.storage.env.Guests;

/** An event loop that has no thread until it is given its first task. */
public final class LazyEventLoop implements OwnerLoop, AutoCloseable {
    private final String name;
    private final boolean daemon;
    private final Guests guests;
    private volatile ThreadEventLoop loop;
    private boolean closed;

    /**
     * @param name the thread's name after {@code odradek-}
     * @param daemon whether the thread lets the JVM end
     */
    public LazyEventLoop(String name, boolean daemon, Guests guests) {
        this.name = name;
        this.daemon = daemon;
        this.guests = guests;
    }

    @Override
    public void post(Runnable task) {
        ThreadEventLoop started = started();
        if (started != null) {
            started.post(task);
        }
    }

    @Override
    public void execute(Runnable task) {
        ThreadEventLoop started = started();
        if (started != null) {
            started.execute(task);
        }
    }

    @Override
    public Timeout schedule(long delayMs, Runnable task) {
        ThreadEventLoop started = started();
        return started == null ? () -> {} : started.schedule(delayMs, task);
    }

    @Override
    public boolean inLoop() {
        ThreadEventLoop started = loop;
        return started != null && started.inLoop();
    }

    /** {@return the loop, null if it has had nothing to do so far} */
    public ThreadEventLoop ifStarted() {
        return loop;
    }

    /** {@return the loop, null if it was closed before it had anything to do} */
    private ThreadEventLoop started() {
        ThreadEventLoop started = loop;
        return started != null ? started : start();
    }

    private synchronized ThreadEventLoop start() {
        if (loop == null && !closed) {
            loop = new ThreadEventLoop(name, daemon, guests).start();
        }
        return loop;
    }

    /** As {@link ThreadEventLoop#close}. */
    @Override
    public void close() {
        ThreadEventLoop started;
        synchronized (this) {
            closed = true;
            started = loop;
        }
        if (started != null) {
            started.close();
        }
    }
}
