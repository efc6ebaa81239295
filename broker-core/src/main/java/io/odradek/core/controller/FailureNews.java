package io.odradek.core.controller;

import io.odradek.core.coordination.CoordinationStore;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.FewLines;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the controller that replicas of this broker have failed, and tries again until it has been told: the disks that the
 * news must be written to may be full for a while.
 *
 * <pre>
 *   nothing to tell --announce--> on its way --told, nothing new-------> nothing to tell
 *                                    ^   |  --told, announced meanwhile--> on its way
 *                                    |   +--not told--> waiting
 *                                    +------its time has come--+
 * </pre>
 */
public final class FailureNews {
    private static final Logger LOG = LoggerFactory.getLogger(FailureNews.class);
    private static final long FIRST_RETRY_MS = 100;
    private static final long LAST_RETRY_MS = 10_000;

    private final CoordinationStore store;
    private final int brokerId;
    private final EventLoop loop;
    private final FewLines refusals;
    private boolean underWay;
    private boolean announcedMeanwhile;
    private long retryMs = FIRST_RETRY_MS;
    private volatile boolean stopped;

    /**
     * @param store this broker's session with the tree
     * @param loop where the news lives
     */
    public FailureNews(CoordinationStore store, int brokerId, EventLoop loop, Clock clock) {
        this.store = store;
        this.brokerId = brokerId;
        this.loop = loop;
        this.refusals = new FewLines(LOG, clock);
    }

    /** Tells the controller, now or as soon as it can be told. From any thread. */
    public void announce() {
        loop.post(() -> {
            announcedMeanwhile = true;
            if (!underWay) {
                tell();
            }
        });
    }

    /** The broker leaves: nothing is tried any more. From any thread. */
    public void stop() {
        stopped = true;
    }

    private void tell() {
        if (stopped) {
            return;
        }
        underWay = true;
        announcedMeanwhile = false;
        LogDirEvents.announce(store, brokerId).whenComplete((told, error) -> loop.post(() -> ended(error)));
    }

    private void ended(Throwable error) {
        if (error == null) {
            underWay = false;
            retryMs = FIRST_RETRY_MS;
            if (announcedMeanwhile) {
                tell();
            }
        } else if (!stopped) {
            refusals.warn("The controller cannot be told yet that a log folder has failed: "
                    + Stages.cause(error).getMessage());
            loop.schedule(retryMs, this::tell);
            retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
        }
    }
}
