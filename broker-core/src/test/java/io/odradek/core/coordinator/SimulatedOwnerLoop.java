package io.odradek.core.coordinator;

import io.odradek.core.partition.OwnerLoop;
import io.odradek.storage.env.SimulatedLoop;

/** A loop of a simulated world as a partition owner's: what is executed runs when the world runs. */
public record SimulatedOwnerLoop(SimulatedLoop loop) implements OwnerLoop {
    @Override
    public void execute(Runnable task) {
        loop.post(task);
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
