package io.odradek.core.coordinator.transaction;

import io.odradek.core.coordinator.runtime.ShardContext;
import io.odradek.core.memory.MemoryShare;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.FewLines;

/**
 * What every part of a transaction shard works with.
 *
 * @param context the runtime
 * @param clock the time
 * @param settings the settings
 * @param markers writes the ends of transactions
 * @param loop brings the answers to that back to the shard
 * @param memory what all transactional ids of the broker may take together
 * @param lines lines of the log that clients can provoke
 */
record TransactionServices(
        ShardContext context,
        Clock clock,
        TransactionSettings settings,
        TransactionMarkers markers,
        WayBack loop,
        MemoryShare memory,
        FewLines lines) {
    /** The way to the shard's loop from any thread. */
    interface WayBack {
        /** Runs a task there as work on a transactional id, if the shard serves; else it is dropped. */
        void post(String transactionalId, Runnable task);
    }

    long nowMs() {
        return clock.wallMs();
    }
}
