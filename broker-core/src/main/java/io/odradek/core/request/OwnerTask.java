package io.odradek.core.request;

import io.odradek.core.partition.PartitionOwner;

/** The part of a {@link SplitRequest} that one owner serves. */
abstract class OwnerTask implements Runnable {
    private final SplitRequest request;
    private final PartitionOwner owner;

    OwnerTask(SplitRequest request, PartitionOwner owner) {
        this.request = request;
        this.owner = owner;
    }

    final PartitionOwner owner() {
        return owner;
    }

    /** Serves the part, up to {@code partDone} or parking it as the last thing; called on the owner's loop. */
    protected abstract void serve();

    /** Wakes those who wait for what this part has changed; called after it was served. */
    protected void wakeOthers() {}

    @Override
    public final void run() {
        try {
            serve();
        } catch (RuntimeException e) {
            request.partFailed(e);
        } finally {
            request.context().workEnds();
        }
        wakeOthers();
    }
}
