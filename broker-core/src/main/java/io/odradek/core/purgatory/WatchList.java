package io.odradek.core.purgatory;

/**
 * The parked operations that wait for changes of one partition, in the order in which they came. Adding and removing cost
 * the same however many wait. Belongs to the owner's loop.
 */
public final class WatchList {
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
            link(watch, last);
            watch.tell();
        }
    }

    void add(Watch watch) {
        addAfter(last, watch);
    }

    /** Adds it after all that wait for an offset which is not larger; those are few where offsets come in their order. */
    void addInOrder(Watch watch) {
        Watch before = last;
        while (before != null && before.offset > watch.offset) {
            before = before.previous;
        }
        addAfter(before, watch);
    }

    private void addAfter(Watch before, Watch watch) {
        watch.list = this;
        link(watch, before);
        size++;
    }

    /** {@return the one that came first, or waits for the smallest offset; null if there is none} */
    Watch first() {
        return first;
    }

    void remove(Watch watch) {
        unlink(watch);
        watch.list = null;
        size--;
    }

    private void link(Watch watch, Watch before) {
        Watch after = before == null ? first : before.next;
        watch.round = round;
        watch.previous = before;
        watch.next = after;
        if (before == null) {
            first = watch;
        } else {
            before.next = watch;
        }
        if (after == null) {
            last = watch;
        } else {
            after.previous = watch;
        }
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
