package io.odradek.storage.env;

/** A loop of a {@link SimulatedWorld}. Closing it drops what waits, as the death of its process would. */
public final class SimulatedLoop implements EventLoop, AutoCloseable {
    private final SimulatedWorld world;
    private final String name;
    private boolean closed;

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

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return name;
    }
}
