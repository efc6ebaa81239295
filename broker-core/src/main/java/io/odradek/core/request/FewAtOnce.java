package io.odradek.core.request;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that blocks or takes long, few pieces at a time, so that others who use the same threads get their turn; what waits
 * is bounded. Whatever a piece throws ends that piece only. Thread-safe.
 */
final class FewAtOnce {
    private static final Logger LOG = LoggerFactory.getLogger(FewAtOnce.class);

    private final Executor threads;
    private final int mostRunning;
    private final int mostWaiting;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;

    /**
     * @param threads where it is done
     * @param mostRunning pieces done at a time
     * @param mostWaiting pieces that may wait for that
     */
    FewAtOnce(Executor threads, int mostRunning, int mostWaiting) {
        this.threads = threads;
        this.mostRunning = mostRunning;
        this.mostWaiting = mostWaiting;
    }

    /** Takes a piece of work. {@return whether it will be done: not if too many wait, or the threads take no more} */
    boolean offer(Runnable work) {
        synchronized (this) {
            if (running == mostRunning) {
                return waiting.size() < mostWaiting && waiting.add(work);
            }
            running++;
        }
        if (handOn(work)) {
            return true;
        }
        synchronized (this) {
            running--;
        }
        return false;
    }

    private boolean handOn(Runnable work) {
        try {
            threads.execute(() -> run(work));
            return true;
        } catch (RuntimeException e) {
            LOG.debug("Work was refused", e);
            return false;
        }
    }

    /** What was promised to be done is done here if the threads take no more of it. */
    private void run(Runnable work) {
        Runnable piece = work;
        do {
            try {
                piece.run();
            } catch (Throwable e) {
                LOG.error("Work in the background failed", e);
            }
            piece = next();
        } while (piece != null && !handOn(piece));
    }

    private synchronized Runnable next() {
        Runnable next = waiting.poll();
        if (next == null) {
            running--;
        }
        return next;
    }
}
