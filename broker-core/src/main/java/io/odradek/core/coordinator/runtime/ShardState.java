package io.odradek.core.coordinator.runtime;

import io.odradek.protocol.errors.ErrorCode;

/** The state machine of one shard of a coordinator: what its log says. All calls are made on the shard's loop. */
public interface ShardState {
    /**
     * Applies a record: at election each record of the log, later each one this shard appended. The buffers are
     * only valid during the call.
     */
    void replay(CoordinatorRecord record);

    /** The log is replayed: the shard serves from now on, and may start timers. */
    void activate();

    /** The shard serves no more: answers what is parked in the state with the error. Timers do not fire any more. */
    void deactivate(ErrorCode reason);
}
