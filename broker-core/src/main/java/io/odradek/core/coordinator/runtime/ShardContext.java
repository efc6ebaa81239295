package io.odradek.core.coordinator.runtime;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop.Timeout;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a shard's state may ask of the runtime; to be called on the shard's loop only.
 *
 * <p>Whatever is appended or scheduled while there is work on a key is work on that key itself when it comes back: if it
 * fails, the key is {@link ShardState#reset}.
 */
public interface ShardContext {
    /** {@return the leader epoch in which this broker began to lead the shard's partition: the coordinator's epoch} */
    int leaderEpoch();

    /**
     * Appends records as one batch and replays them. If the append fails nothing has changed. The call back may come
     * before this returns.
     *
     * @param records what to append; none waits for what was appended before
     * @param settled NONE once the high watermark has passed them; MESSAGE_TOO_LARGE; COORDINATOR_NOT_AVAILABLE if there
     *     are too few replicas or they did not follow in time (the records may be committed later all the same);
     *     NOT_COORDINATOR if this broker leads no longer
     */
    void append(List<CoordinatorRecord> records, Consumer<ErrorCode> settled);

    /**
     * As {@link #append}, for records that count only once their producer's transaction is committed.
     *
     * @param records what to append, one at least
     * @param settled as there; INVALID_PRODUCER_EPOCH if the log has heard of a later epoch of the producer
     */
    void appendTransactional(
            long producerId, short producerEpoch, List<CoordinatorRecord> records, Consumer<ErrorCode> settled);

    /**
     * Appends a result's records and answers once they are committed. A result without records is answered once all that
     * was appended before is: it may have read something that is not committed yet.
     *
     * @param refused the response for an error that {@link #append} tells of
     */
    default <R> void complete(CoordinatorResult<R> result, Function<ErrorCode, R> refused, Consumer<R> reply) {
        append(
                result.records(),
                error -> reply.accept(error == ErrorCode.NONE ? result.response() : refused.apply(error)));
    }

    /** Runs a task on the shard's loop after the delay, unless the shard has stopped by then. */
    Timeout schedule(long delayMs, Runnable task);

    /** Runs the part of a larger work that concerns one key. If it fails, that key is reset and the larger work goes on. */
    void on(String key, Runnable task);
}
