package io.odradek.server.env;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads for work that blocks: forcing files, recovery, deletion, cold look-ups. The threads start when there is work and
 * end when there has been none for a while; work beyond the bound is refused.
 */
public final class IoThreads implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IoThreads.class);
    private static final long IDLE_SECONDS = 60;

    private final ThreadPoolExecutor pool;

    /**
     * @param name the threads' name between {@code odradek-} and their number
     * @param threads how many at most
     * @param mostWaiting tasks that may wait for a thread
     */
    public IoThreads(String name, int threads, int mostWaiting, boolean daemon) {
        AtomicInteger number = new AtomicInteger();
        pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(mostWaiting), task -> {
                    Thread thread = new Thread(task, "odradek-" + name + "-" + number.getAndIncrement());
                    thread.setDaemon(daemon);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    /** Changes how many threads there are at most; those that are too many end when they have nothing to do. */
    public void resize(int threads) {
        if (threads > pool.getMaximumPoolSize()) {
            pool.setMaximumPoolSize(threads);
            pool.setCorePoolSize(threads);
        } else {
            pool.setCorePoolSize(threads);
            pool.setMaximumPoolSize(threads);
        }
    }

    /**
     * Runs a task on one of the threads. Its exceptions are logged.
     *
     * @throws RejectedExecutionException if too many tasks wait, or after {@link #close}
     */
    @Override
    public void execute(Runnable task) {
        pool.execute(() -> {
            try {
                task.run();
            } catch (Throwable fault) {
                LOG.error("A blocking task failed", fault);
            }
        });
    }

    /** Waits for what has been handed in to end, and for the threads. */
    @Override
    public void close() {
        pool.shutdown();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = pool.awaitTermination(1, TimeUnit.HOURS);
            } catch (InterruptedException notNow) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
