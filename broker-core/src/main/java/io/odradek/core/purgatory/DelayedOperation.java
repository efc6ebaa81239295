package io.odradek.core.purgatory;

import io.odradek.storage.env.EventLoop;

/**
 * A request, or one owner's part of it, that waits on that owner's loop for a change of the partitions it watches or for
 * its time to run out. All methods are called on the owner's loop.
 *
 * <pre>
 *   created --watch--> watching --parked with the purgatory--> parked --unpark--> gone (no list, no timer knows it)
 * </pre>
 */
public abstract class DelayedOperation {
    /** The kinds of what waits: a Produce, */
    public static final int PRODUCE = 0;

    /** a Fetch, */
    public static final int FETCH = 1;

    /** a DeleteRecords. */
    public static final int DELETE_RECORDS = 2;

    static final int KINDS = 3;

    private static final long NO_OFFSET = -1;

    private Watch watches;
    Purgatory purgatory;
    DelayedOperation previous;
    DelayedOperation next;
    EventLoop.Timeout timeout;

    /**
     * Something changed on a watched partition: look again, and {@link #unpark} if the wait is over.
     *
     * @param slot the number given to {@link #watch}
     */
    protected abstract void onChange(int slot);

    /** The time has run out. The operation has left the purgatory already. */
    protected abstract void onTimeout();

    /** {@return one of the kinds above} */
    protected abstract int kind();

    /** {@return whether the request has been completed on another loop, so that nothing is left to wait for} */
    protected boolean abandoned() {
        return false;
    }

    /**
     * Asks to be told of a partition's changes, from now until {@link #unpark}.
     *
     * @param slot comes back with the change
     */
    public final void watch(WatchList list, int slot) {
        list.add(newWatch(slot, NO_OFFSET));
    }

    /**
     * Asks to be told, once, that an offset has been reached, and of whatever may keep it from that, until {@link #unpark}.
     *
     * @param slot comes back with the change
     */
    public final void watch(OffsetWatches list, int slot, long offset) {
        list.add(newWatch(slot, offset));
    }

    private Watch newWatch(int slot, long offset) {
        watches = new Watch(this, slot, offset, watches);
        return watches;
    }

    /** {@return whether it waits in a purgatory} */
    public final boolean isParked() {
        return purgatory != null;
    }

    /** Leaves the purgatory: every watch, the timer, everything that could be reached from there. May be called again. */
    public final void unpark() {
        for (Watch watch = watches; watch != null; watch = watch.nextOfOperation) {
            if (watch.list != null) {
                watch.list.remove(watch);
            }
        }
        watches = null;
        if (timeout != null) {
            timeout.cancel();
            timeout = null;
        }
        if (purgatory != null) {
            purgatory.remove(this);
        }
    }
}
