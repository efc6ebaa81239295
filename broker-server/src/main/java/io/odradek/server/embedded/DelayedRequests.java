package io.odradek.server.embedded;

import io.odradek.core.transport.RequestContext;
import io.odradek.server.env.SecureRandoms;
import io.odradek.server.env.ThreadEventLoop;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Guests;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/** Requests that are served later, in the order of their connections. It has a thread from the first one on. Thread-safe. */
final class DelayedRequests implements AutoCloseable {
    private record Waiting(long delayMs, RequestContext context, Runnable serve) {}

    private final Clock clock;
    private final Map<String, Deque<Waiting>> lines = new TreeMap<>();
    private ThreadEventLoop loop;
    private boolean closed;

    DelayedRequests(Clock clock) {
        this.clock = clock;
    }

    /**
     * Serves a request later, or behind others that wait.
     *
     * @param delayMs 0 for one that need not wait by itself
     * @return false if it may be served now
     */
    synchronized boolean hold(long delayMs, RequestContext context, Runnable serve) {
        String connection = context.connection().id();
        Deque<Waiting> line = lines.get(connection);
        if (closed || delayMs == 0 && line == null) {
            return false;
        }
        context.workBegins(1);
        Waiting waiting = new Waiting(delayMs, context, serve);
        if (line != null) {
            line.add(waiting);
            return true;
        }
        lines.put(connection, new ArrayDeque<>());
        start(connection, waiting);
        return true;
    }

    private void start(String connection, Waiting waiting) {
        if (loop == null) {
            loop = new ThreadEventLoop("delays", true, new Guests(clock, new SecureRandoms())).start();
        }
        loop.schedule(waiting.delayMs(), () -> serve(connection, waiting));
    }

    /** Serves it, and then what waits behind it up to the next that has a delay of its own. */
    private void serve(String connection, Waiting first) {
        Waiting now = first;
        while (now != null) {
            try {
                now.serve().run();
            } finally {
                now.context().workEnds();
            }
            now = next(connection);
        }
    }

    private synchronized Waiting next(String connection) {
        Deque<Waiting> line = lines.get(connection);
        Waiting next = line.poll();
        if (next == null) {
            lines.remove(connection);
        } else if (next.delayMs() > 0) {
            start(connection, next);
            return null;
        }
        return next;
    }

    /** {@return the loop on which it waits; null if it has never waited} */
    synchronized ThreadEventLoop loop() {
        return loop;
    }

    /** Ends the thread. What still waits is not served any more. */
    @Override
    public void close() {
        ThreadEventLoop ended;
        synchronized (this) {
            closed = true;
            ended = loop;
        }
        if (ended != null) {
            ended.close();
        }
        synchronized (this) {
            lines.clear();
        }
    }
}
