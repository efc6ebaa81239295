package io.odradek.core.engine;

import io.odradek.core.partition.OwnerLoop;
import io.odradek.core.partition.PartitionLeadership;
import io.odradek.core.partition.PartitionLog;

/**
 * Makes what serves transactions when it is first needed: when this broker is elected coordinator of some, or is asked for one.
 * Thread-safe.
 */
final class EngineTransactions implements PartitionLeadership {
    private final EngineHandlers handlers;
    private volatile TransactionRooms made;

    EngineTransactions(EngineHandlers handlers) {
        this.handlers = handlers;
    }

    TransactionRooms rooms() {
        TransactionRooms present = made;
        return present == null ? make() : present;
    }

    private synchronized TransactionRooms make() {
        if (made == null) {
            made = handlers.makeTransactionRooms();
        }
        return made;
    }

    @Override
    public void elected(int partition, OwnerLoop loop, PartitionLog log) {
        rooms().coordinator().elected(partition, loop, log);
    }

    @Override
    public void resigned(int partition) {
        rooms().coordinator().resigned(partition);
    }
}
