package io.odradek.server.admin;

import io.odradek.server.inspect.InspectionException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that answers what takes asking, one request after the other; it is there only while there is work, and what does
 * not fit into its queue is refused.
 */
final class AdminWork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminWork.class);
    private static final int MOST_WAITING = 32;
    private static final long REST_SECONDS = 10;
    private static final long END_SECONDS = 10;

    private final ThreadPoolExecutor thread;
    private volatile Thread last;

    /** @param name the thread's name */
    AdminWork(String name) {
        thread = new ThreadPoolExecutor(
                1, 1, REST_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                    Thread next = new Thread(task, name);
                    next.setDaemon(true);
                    last = next;
                    return next;
                });
        thread.allowCoreThreadTimeOut(true);
    }

    /** Answers when it is its turn. */
    void answer(Callable<Answer> work, Consumer<Answer> to) {
        try {
            thread.execute(() -> to.accept(answer(work)));
        } catch (RejectedExecutionException full) {
            to.accept(Answer.error(503, "too many requests wait to be answered").with("Retry-After", "1"));
        }
    }

    private static Answer answer(Callable<Answer> work) {
        try {
            return work.call();
        } catch (RefusedException refused) {
            return Answer.error(refused.status(), refused.getMessage());
        } catch (InspectionException failed) {
            return Answer.error(503, failed.getMessage());
        } catch (Throwable failed) {
            LOG.error("A request to the admin listener could not be answered", failed);
            return Answer.error(500, "this could not be answered; the broker's log says why");
        }
    }

    /** Ends the thread, after what it is at. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
            if (last != null) {
                last.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
            }
        } catch (InterruptedException notNow) {
            Thread.currentThread().interrupt();
        }
    }
}
