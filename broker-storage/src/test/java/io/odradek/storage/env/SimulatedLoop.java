package io.odradek.storage.env;

import io.odradek.storage.env.SimulatedWorld.Event;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A loop of a {@link SimulatedWorld}: its tasks run in the order in which they were posted or fell due. Closing it drops
 * what waits, as the death of its process would; a paused one stands still, as a process that is stopped.
 */
public final class SimulatedLoop implements EventLoop, AutoCloseable {
    private final SimulatedWorld world;
    private final String name;
    private final Queue<Event> due = new ArrayDeque<>();
    private boolean closed;
    private boolean paused;

    SimulatedLoop(SimulatedWorld world, String name) {
        this.world = world;
        this.name = name;
    }

    @Override
    public void post(Runnable task) {
        schedule(0, task);
    }

    @Override
    public Timeout schedule(long delayMs, Runnable task) {
        return world.add(this, delayMs, task);
    }

    @Override
    public boolean inLoop() {
        return world.isRunning(this);
    }

    /** {@return whether it has been closed} */
    public boolean isClosed() {
        return closed;
    }

    /** Stands still until {@link #resume}: what falls due meanwhile waits. */
    public void pause() {
        if (!paused) {
            paused = true;
            world.withdraw(this);
        }
    }

    /** Goes on with what has waited. */
    public void resume() {
        if (paused) {
            paused = false;
            world.resumed(this);
        }
    }

    boolean isPaused() {
        return paused;
    }

    @Override
    public void close() {
        closed = true;
    }

    /** {@return the tasks whose time has come} */
    Queue<Event> due() {
        return due;
    }

    @Override
    public String toString() {
        return name;
    }
}
