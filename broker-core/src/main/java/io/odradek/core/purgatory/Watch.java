package io.odradek.core.purgatory;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The place of a parked operation in one {@link WatchList}, or in none any more. Belongs to the owner's loop. */
final class Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    final DelayedOperation operation;
    final int slot;
    final long offset;
    final Watch nextOfOperation;
    WatchList list;
    Watch previous;
    Watch next;
    int round;

    Watch(DelayedOperation operation, int slot, long offset, Watch nextOfOperation) {
        this.operation = operation;
        this.slot = slot;
        this.offset = offset;
        this.nextOfOperation = nextOfOperation;
    }

    /** Lets the operation look again. One that fails keeps the others from nothing. */
    void tell() {
        try {
            operation.onChange(slot);
        } catch (Throwable e) {
            LOG.error("An operation that waits for a partition failed", e);
        }
    }
}
