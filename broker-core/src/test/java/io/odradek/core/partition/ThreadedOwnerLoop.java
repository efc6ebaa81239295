package io.odradek.core.partition;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** An owner's loop on a thread of its own, for stress on real threads. */
public final class ThreadedOwnerLoop implements OwnerLoop, AutoCloseable {
    private final ScheduledExecutorService thread = new ScheduledThreadPoolExecutor(1);
    private final ThreadLocal<Boolean> inLoop = ThreadLocal.withInitial(() -> false);

    @Override
    public void execute(Runnable task) {
        post(task);
    }

    @Override
    public void post(Runnable task) {
        thread.execute(() -> run(task));
    }

    @Override
    public Timeout schedule(long delayMs, Runnable task) {
        ScheduledFuture<?> timer = thread.schedule(() -> run(task), delayMs, TimeUnit.MILLISECONDS);
        return () -> timer.cancel(false);
    }

    @Override
    public boolean inLoop() {
        return inLoop.get();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void run(Runnable task) {
        inLoop.set(true);
        task.run();
    }
}
