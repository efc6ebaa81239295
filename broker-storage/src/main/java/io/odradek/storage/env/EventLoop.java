package io.odradek.storage.env;

/**
 * Runs tasks one at a time, in the order they were posted. State that belongs to a loop is touched by its tasks only and
 * needs no lock. Production binds a loop to a thread; the simulator binds all loops to one queue.
 */
public interface EventLoop {
    /**
     * Adds a task; it runs after everything posted before it. May be called from any thread. A task that is posted after
     * the loop has been closed is dropped.
     */
    void post(Runnable task);

    /**
     * Runs a task on this loop once the delay has passed on the monotonic clock, not before.
     *
     * @param delayMs milliseconds from now, at least 0
     * @return a handle to cancel it; to be used on this loop only
     */
    Timeout schedule(long delayMs, Runnable task);

    /**
     * As {@link #schedule}, for what may come a little late, by a sixteenth of the delay at most and never by more than
     * a tenth of a second: a loop that many wait on may then wake once for those who are due about the same time.
     */
    default Timeout scheduleAbout(long delayMs, Runnable task) {
        return schedule(delayMs, task);
    }

    /** {@return whether the caller is a task of this loop} */
    boolean inLoop();

    /** A scheduled task that has not run. */
    interface Timeout {
        /** Forgets the task if it has not run; otherwise does nothing. */
        void cancel();
    }
}
