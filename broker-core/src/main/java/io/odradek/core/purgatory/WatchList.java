package io.odradek.core.purgatory;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parked operations that wait for changes of one partition, in the order in which they came. Adding and removing cost
 * the same however many wait. Belongs to the owner's loop.
 */
public final class WatchList {
    private static final Logger LOG = LoggerFactory.getLogger(WatchList.class);

    private Watch first;
    private Watch last;
    private int round;
    private int size;

    /** {@return how many operations wait here} */
    public int size() {
        return size;
    }

    /**
     * Lets every operation that waits here look again. An operation may complete, and so leave this list or bring new
     * operations into it, while this runs; those that come meanwhile are not asked in this round. One that fails keeps the
     * others from nothing.
     */
    public void changed() {
        if (first == null) {
            return;
        }
        round++;
        while (first != null && first.round != round) {
            Watch watch = first;
            unlink(watch);
            link(watch);
            try {
                watch.operation.onChange(watch.slot);
            } catch (Throwable e) {
                LOG.error("An operation that waits for a partition failed", e);
            }
        }
    }

    void add(Watch watch) {
        watch.list = this;
        link(watch);
        size++;
    }

    void remove(Watch watch) {
        unlink(watch);
        watch.list = null;
        size--;
    }

    private void link(Watch watch) {
        watch.round = round;
        watch.previous = last;
        watch.next = null;
        if (last == null) {
            first = watch;
        } else {
            last.next = watch;
        }
        last = watch;
    }

    private void unlink(Watch watch) {
        if (watch.previous == null) {
            first = watch.next;
        } else {
            watch.previous.next = watch.next;
        }
        if (watch.next == null) {
            last = watch.previous;
        } else {
            watch.next.previous = watch.previous;
        }
        watch.previous = null;
        watch.next = null;
    }
}
