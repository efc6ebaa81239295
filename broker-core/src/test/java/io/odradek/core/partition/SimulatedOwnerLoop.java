package io.odradek.core.partition;

import io.odradek.storage.env.SimulatedLoop;

/** An owner's loop in a simulated world; tasks brought by others run when the world runs. */
public final class SimulatedOwnerLoop implements OwnerLoop {
    private final SimulatedLoop loop;

    /** @param loop the loop underneath */
    public SimulatedOwnerLoop(SimulatedLoop loop) {
        this.loop = loop;
    }

    @Override
    public void execute(Runnable task) {
        post(task);
    }

    @Override
    public void post(Runnable task) {
        loop.post(task);
    }

    @Override
    public Timeout schedule(long delayMs, Runnable task) {
        return loop.schedule(delayMs, task);
    }

    @Override
    public boolean inLoop() {
        return loop.inLoop();
    }
}
