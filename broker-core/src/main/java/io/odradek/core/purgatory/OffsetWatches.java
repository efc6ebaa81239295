package io.odradek.core.purgatory;

/**
 * The parked operations that wait until something of one partition has reached an offset, each its own, in the order of the
 * offsets: what is reached is told to those who wait for it, however many wait for more. Belongs to the owner's loop.
 */
public final class OffsetWatches {
    private WatchList waiting = new WatchList();

    /** {@return how many operations wait here} */
    public int size() {
        return waiting.size();
    }

    /** An offset has been reached: lets those who waited for it look, once. */
    public void reached(long offset) {
        for (Watch watch = waiting.first(); watch != null && watch.offset <= offset; watch = waiting.first()) {
            waiting.remove(watch);
            watch.tell();
        }
    }

    /** It may be that offsets are not reached any more: lets everybody look. */
    public void changed() {
        WatchList asked = waiting;
        waiting = new WatchList();
        for (Watch watch = asked.first(); watch != null; watch = asked.first()) {
            asked.remove(watch);
            waiting.addInOrder(watch);
            watch.tell();
        }
    }

    void add(Watch watch) {
        waiting.addInOrder(watch);
    }
}
