package io.odradek.core.partition;

import io.odradek.storage.env.EventLoop;

/**
 * The loop of a {@link PartitionOwner}: an event loop whose tasks may also be run by the thread that brings one, while the
 * loop is idle, so that a small request costs no thread hand-over.
 */
public interface OwnerLoop extends EventLoop {
    /**
     * Posts a task and, if the loop is idle, runs it (and whatever else is posted meanwhile, up to a bound) on the calling
     * thread before returning. Inbox order is kept and tasks still run one at a time. A task of another owner loop may call
     * it, for little and at a point where it leaves nothing half-done: that loop stands still meanwhile.
     */
    void execute(Runnable task);
}
