package io.odradek.core.coordinator.runtime;

import io.odradek.protocol.errors.ErrorCode;

/**
 * The state machine of one shard of a coordinator. All calls are made on the shard's loop.
 *
 * <p>Its state has two parts. What is <em>stored</em> is what the log says, and is changed by {@link #replay} and
 * {@link #endTransaction} alone; whoever wants it changed appends a record. What <em>waits and runs</em> (parked requests,
 * timers, who has joined so far) is in memory only, and can be made anew for one key from what is stored, as another broker
 * would make it that takes over. So work that fails half-way costs its own key what waits there, and nobody else anything.
 */
public interface ShardState {
    /**
     * Applies a record: at election each record of the log, later each one this shard appended. The buffers are only valid
     * during the call. A record of a transaction is kept aside until the transaction ends.
     *
     * @throws RuntimeException if the record cannot be read; then nothing has changed
     */
    void replay(CoordinatorRecord record, RecordPosition position);

    /**
     * A transaction has ended in this log: what was kept aside for its producer counts now, or never did. Also called for
     * producers of which there is nothing.
     *
     * @param committed whether it was committed rather than aborted
     */
    void endTransaction(long producerId, short producerEpoch, boolean committed);

    /** The log is replayed: the shard serves from now on, and may start timers. */
    void activate();

    /**
     * Work on a key has failed half-way. Whatever waits there is answered with the error, its timers are stopped, and it is
     * made anew from what is stored.
     */
    void reset(String key, ErrorCode reason);

    /** The shard serves no more: answers what is parked in the state with the error. Timers do not fire any more. */
    void deactivate(ErrorCode reason);
}
