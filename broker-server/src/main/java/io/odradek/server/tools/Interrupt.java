package io.odradek.server.tools;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a tool does when its process is told to end, as by ctrl-C, until it is {@link #close closed}. */
public final class Interrupt {
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;

    /**
     * @param end asks the tool to end; called by a thread of its own
     * @param patience how long the process then waits for {@link #close()}
     */
    public Interrupt(Runnable end, Duration patience) {
        hook = new Thread(() -> run(end, patience), "tool-interrupted");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // It was told before it had begun.
            end.run();
        }
    }

    private void run(Runnable end, Duration patience) {
        end.run();
        try {
            closed.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the patience; from now on nothing is done. */
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The process is about to end because of it.
        }
    }
}
