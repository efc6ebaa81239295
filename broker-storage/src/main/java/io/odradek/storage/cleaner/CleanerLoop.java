package io.odradek.storage.cleaner;

import io.odradek.protocol.errors.ApiException;
import io.odradek.storage.env.EventLoop;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cleans one log after the other on an event loop: a step, then whatever else the loop has to do, then the next step, later if
 * the throttle says so.
 */
final class CleanerLoop {
    private static final Logger LOG = LoggerFactory.getLogger(CleanerLoop.class);

    private final EventLoop loop;
    private final LogCleaner cleaner;
    private CleanerBuffers buffers;
    private Cleaning cleaning;
    private long accountedBytes;
    private boolean closed;

    CleanerLoop(EventLoop loop, LogCleaner cleaner) {
        this.loop = loop;
        this.cleaner = cleaner;
        this.buffers = cleaner.buffers();
    }

    /** {@return what it runs on} */
    EventLoop loop() {
        return loop;
    }

    void start() {
        loop.schedule(cleaner.settings().backoffMs(), this::run);
    }

    private synchronized void run() {
        if (closed) {
            return;
        }
        if (cleaning == null) {
            choose();
            return;
        }
        boolean more = false;
        try {
            more = cleaning.step();
        } catch (UncleanableException e) {
            cleaner.setAside(cleaning.job(), e.getMessage());
            drop();
            return;
        } catch (ApiException e) {
            cleaner.setAside(cleaning.job(), "a batch cannot be read: " + e.getMessage());
            drop();
            return;
        } catch (IOException e) {
            cleaner.failed(cleaning.job(), e);
            drop();
            return;
        } catch (RuntimeException e) {
            LOG.error("{}: the cleaning failed", cleaning.job().log().id(), e);
            cleaner.setAside(cleaning.job(), "the cleaning failed: " + e);
            drop();
            return;
        }
        if (more) {
            goOn();
        } else if (cleaning.state() instanceof Cleaning.State.Done done) {
            finish(done);
        }
    }

    private void choose() {
        CleaningJob job;
        try {
            job = cleaner.next();
        } catch (RuntimeException e) {
            LOG.error("The choice of a log to clean failed; it is tried again later", e);
            loop.schedule(cleaner.settings().backoffMs(), this::run);
            return;
        }
        if (job == null) {
            buffers.release();
            loop.schedule(cleaner.settings().backoffMs(), this::run);
            return;
        }
        accountedBytes = 0;
        CleanerBuffers wanted = cleaner.buffers();
        if (wanted.sizeBytes() != buffers.sizeBytes()) {
            buffers = wanted;
        }
        cleaning = cleaner.cleaning(job, buffers, () -> loop.post(this::run));
        cleaning.begin();
    }

    private void goOn() {
        long moved = cleaning.stats().movedBytes();
        long waitMs = cleaner.throttle().moved(moved - accountedBytes);
        accountedBytes = moved;
        if (waitMs > 0) {
            loop.schedule(waitMs, this::run);
        } else {
            loop.post(this::run);
        }
    }

    private void finish(Cleaning.State.Done done) {
        Cleaning finished = cleaning;
        cleaning = null;
        if (done.givenUp()) {
            LOG.info(
                    "{}: the cleaning was given up, as segments were deleted or cut meanwhile",
                    finished.job().log().id());
            cleaner.release(finished.job());
            loop.schedule(cleaner.settings().backoffMs(), this::run);
            return;
        }
        LOG.info(
                "Cleaned {} up to offset {}: {}",
                finished.job().log().id(),
                done.cleanUpTo(),
                finished.stats().describe(finished.keys()));
        cleaner.cleaned(finished.job(), done.cleanUpTo());
        loop.post(this::run);
    }

    /** Gives up a cleaning that failed. */
    private void drop() {
        closeCleaning();
        loop.schedule(cleaner.settings().backoffMs(), this::run);
    }

    private void closeCleaning() {
        Cleaning dropped = cleaning;
        cleaning = null;
        try {
            dropped.close();
        } catch (IOException e) {
            LOG.warn(
                    "{}: what a cleaning has left cannot be removed",
                    dropped.job().log().id(),
                    e);
        }
        cleaner.release(dropped.job());
    }

    /** Ends it; returns when no step is running. What a cleaning has written that is not swapped in is deleted. */
    synchronized void close() {
        closed = true;
        if (cleaning != null) {
            closeCleaning();
        }
    }
}
