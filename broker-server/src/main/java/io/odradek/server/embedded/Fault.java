package io.odradek.server.embedded;

import java.time.Duration;

/** A fault that was set on a broker, until it is undone. Thread-safe. */
public final class Fault implements AutoCloseable {
    private final String description;
    private final FaultCondition condition;
    private final FaultAction action;
    private final Runnable undo;
    private long seen;
    private int struck;
    private boolean undone;

    /**
     * @param condition which requests it strikes; null for one that strikes none by itself
     * @param action what it does to them
     * @param undo is run once, when it is closed
     */
    Fault(String description, FaultCondition condition, FaultAction action, Runnable undo) {
        this.description = description;
        this.condition = condition;
        this.action = action;
        this.undo = undo;
    }

    FaultCondition condition() {
        return condition;
    }

    FaultAction action() {
        return action;
    }

    /** Counts a request that is one of those it is about. {@return whether this one is struck} */
    synchronized boolean strikes() {
        if (undone || struck >= condition.times() || seen++ < condition.after()) {
            return false;
        }
        struck++;
        notifyAll();
        return true;
    }

    /** {@return how often it has struck: requests, whatever became of them} */
    public synchronized int struck() {
        return struck;
    }

    /**
     * Waits until it has struck at least once.
     *
     * @throws IllegalStateException if it has not in that time
     */
    public void awaitStruck(Duration timeout) {
        awaitStruck(1, timeout);
    }

    /**
     * Waits until it has struck so often.
     *
     * @throws IllegalStateException if it has not in that time; the message says how often it has
     */
    public synchronized void awaitStruck(int times, Duration timeout) {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        while (struck < times) {
            long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                throw new IllegalStateException(
                        "In " + timeout + ", \"" + description + "\" has struck " + struck + " of " + times + " times");
            }
            try {
                wait(leftMs);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while \"" + description + "\" was waited for", stop);
            }
        }
    }

    /** Undoes it: it strikes no more. What it has delayed is still delayed. May be called again. */
    @Override
    public void close() {
        synchronized (this) {
            if (undone) {
                return;
            }
            undone = true;
        }
        undo.run();
    }

    /** {@return what it does to which requests} */
    @Override
    public String toString() {
        return description;
    }
}
