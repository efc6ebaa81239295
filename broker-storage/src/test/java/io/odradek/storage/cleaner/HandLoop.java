package io.odradek.storage.cleaner;

import io.odradek.storage.env.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;

/** A loop that runs its tasks when the test says so. */
final class HandLoop implements EventLoop {
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void post(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Timeout schedule(long delayMs, Runnable task) {
        throw new UnsupportedOperationException("Nothing is scheduled here");
    }

    @Override
    public boolean inLoop() {
        return true;
    }

    /** {@return whether there was a task to run} */
    boolean runOne() {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
        return task != null;
    }
}
