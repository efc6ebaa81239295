package io.odradek.core.coordinator.runtime;

import io.odradek.core.partition.OwnerLoop;
import io.odradek.core.partition.PartitionLeadership;
import io.odradek.core.partition.PartitionLog;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.storage.env.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/**
 * The shards of one coordinator on this broker: one for each partition of its internal topic that this broker leads, each
 * on the loop of the partition's owner.
 *
 * @param <S> the state of a shard
 */
public final class CoordinatorRuntime<S extends ShardState> implements PartitionLeadership {
    /**
     * Makes the empty state of a shard.
     *
     * @param <S> the state
     */
    public interface StateFactory<S> {
        /** {@return an empty state} @param context for it to use once it is activated */
        S create(int partition, ShardContext context);
    }

    private final String topic;
    private final Clock clock;
    private final long commitTimeoutMs;
    private final StateFactory<S> states;
    private final Map<Integer, CoordinatorShard<S>> shards = new ConcurrentSkipListMap<>();

    /**
     * @param topic the internal topic, for messages
     * @param commitTimeoutMs milliseconds that an answer waits for the high watermark
     */
    public CoordinatorRuntime(String topic, Clock clock, long commitTimeoutMs, StateFactory<S> states) {
        this.topic = topic;
        this.clock = clock;
        this.commitTimeoutMs = commitTimeoutMs;
        this.states = states;
    }

    /** {@return the partition of the internal topic that a key lives in, out of so many: Kafka's rule} */
    public static int partitionOf(String key, int partitions) {
        int hash = key.hashCode();
        return hash == Integer.MIN_VALUE ? 0 : Math.abs(hash) % partitions;
    }

    /** Begins a term. A shard that serves already is stopped first: what an older term knew is read again. */
    @Override
    public void elected(int partition, OwnerLoop loop, PartitionLog log) {
        resigned(partition);
        var shard = new CoordinatorShard<S>(topic + "-" + partition, loop, log, clock, commitTimeoutMs);
        shards.put(partition, shard);
        shard.load(() -> states.create(partition, shard));
    }

    @Override
    public void resigned(int partition) {
        CoordinatorShard<S> shard = shards.remove(partition);
        if (shard != null) {
            shard.stop();
        }
    }

    /**
     * Runs a task with a shard's state on its loop, or says why not: NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS,
     * COORDINATOR_NOT_AVAILABLE. From any thread, as {@link OwnerLoop#execute}.
     *
     * @param key what the task changes, and all that is made anew if it fails; null if it changes nothing, or divides its
     *     work with {@link ShardContext#on}
     * @param refused is also told UNKNOWN_SERVER_ERROR if the task fails, which may have answered by then
     * @param ended is called in any case once one of the two has returned
     */
    public void submit(int partition, String key, Consumer<S> task, Consumer<ErrorCode> refused, Runnable ended) {
        CoordinatorShard<S> shard = shards.get(partition);
        if (shard != null) {
            shard.submit(key, task, refused, ended);
            return;
        }
        try {
            refused.accept(ErrorCode.NOT_COORDINATOR);
        } finally {
            ended.run();
        }
    }

    /** As {@link #submit}, from any thread. */
    public void post(int partition, String key, Consumer<S> task, Consumer<ErrorCode> refused) {
        CoordinatorShard<S> shard = shards.get(partition);
        if (shard == null) {
            refused.accept(ErrorCode.NOT_COORDINATOR);
        } else {
            shard.post(key, task, refused);
        }
    }

    /**
     * Ends a producer's transaction in a partition of the internal topic: appends the marker, and lets what the transaction wrote
     * there count, or not. From any thread.
     *
     * @param settled NONE once the marker is committed; TRANSACTION_COORDINATOR_FENCED or INVALID_PRODUCER_EPOCH if the
     *     partition has heard of what came after it; NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS or
     *     COORDINATOR_NOT_AVAILABLE if it is to be tried again
     * @param ended is called in any case, once it stands in no queue any more
     */
    public void endTransaction(
            int partition,
            long producerId,
            short producerEpoch,
            ControlRecord marker,
            Consumer<ErrorCode> settled,
            Runnable ended) {
        CoordinatorShard<S> shard = shards.get(partition);
        if (shard != null) {
            shard.endTransaction(producerId, producerEpoch, marker, settled, ended);
            return;
        }
        try {
            settled.accept(ErrorCode.NOT_COORDINATOR);
        } finally {
            ended.run();
        }
    }

    /** Runs a task with a shard's state, once that is loaded. From any thread. */
    public void postWhenActive(int partition, Consumer<S> task) {
        CoordinatorShard<S> shard = shards.get(partition);
        if (shard != null) {
            shard.postWhenActive(task);
        }
    }

    /** {@return the partitions whose shards are here, loading or serving, ascending} */
    public List<Integer> partitions() {
        return new ArrayList<>(shards.keySet());
    }
}
