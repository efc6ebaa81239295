package io.odradek.server.login;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads on which somebody outside this broker is asked about logins, who may take any time: no other work waits for them, and
 * neither does the end of the broker for long. They start when there is something to ask and end when there has been nothing for
 * a while.
 */
public final class WaitingThreads implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WaitingThreads.class);
    private static final long IDLE_SECONDS = 10;
    private static final long LAST_SECONDS = 5;

    private final String name;
    private final ThreadPoolExecutor pool;

    /**
     * @param name the threads' name between {@code odradek-} and their number
     * @param threads how many at most
     * @param mostWaiting tasks that may wait for a thread
     */
    WaitingThreads(String name, int threads, int mostWaiting) {
        this.name = name;
        AtomicInteger number = new AtomicInteger();
        pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(mostWaiting), task -> {
                    Thread thread = new Thread(task, "odradek-" + name + "-" + number.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs a task on one of the threads.
     *
     * @throws RejectedExecutionException if too many tasks wait, or after {@link #close}
     */
    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** Interrupts what is under way, and waits a little for its end. */
    @Override
    public void close() {
        pool.shutdownNow();
        try {
            if (!pool.awaitTermination(LAST_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn(
                        "A thread odradek-{} goes on behind the broker's end: what it asks about a login does not"
                                + " heed an interrupt",
                        name);
            }
        } catch (InterruptedException notNow) {
            Thread.currentThread().interrupt();
        }
    }
}
