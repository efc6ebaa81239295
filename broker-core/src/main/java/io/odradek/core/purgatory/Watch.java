package io.odradek.core.purgatory;

/** The place of a parked operation in one {@link WatchList}. Belongs to the owner's loop. */
final class Watch {
    final DelayedOperation operation;
    final int slot;
    final Watch nextOfOperation;
    WatchList list;
    Watch previous;
    Watch next;
    int round;

    Watch(DelayedOperation operation, int slot, Watch nextOfOperation) {
        this.operation = operation;
        this.slot = slot;
        this.nextOfOperation = nextOfOperation;
    }
}
