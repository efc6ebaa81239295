package io.odradek.core.coordinator.runtime;

import io.odradek.core.coordinator.PartitionLog;
import io.odradek.core.coordinator.runtime.PendingCommits.Pending;
import io.odradek.core.partition.OwnerLoop;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop.Timeout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One term of one shard: the state machine over a partition's log from election to resignation. Everything but
 * {@link #submit} happens on the partition owner's loop.
 *
 * <pre>
 *            replay done                resigned, log lost
 *   LOADING ------------> ACTIVE ----------------------------> STOPPED
 *      |  resigned                                                ^
 *      +----------------------------------------------------------+
 *      |  replay failed            resigned                       |
 *      +---------------> FAILED ----------------------------------+
 *                         ^  |
 *   ACTIVE ---------------+  +----> LOADING
 *       a task has failed      a while after that
 * </pre>
 *
 * <p>A task that fails may have left half of its work in memory. So the shard fails as a whole: what waits is answered, and
 * the state is read anew from the log.
 *
 * <p>The state in memory is that of the log's end, committed or not. No answer leaves before the high watermark has passed
 * the log's end as it was when the answer was computed, reads included, so nobody sees what can still disappear. If an
 * append is never committed its shard resigns sooner or later, and the state goes with it: nothing is ever rolled back.
 *
 * @param <S> the state
 */
final class CoordinatorShard<S extends ShardState> implements ShardContext {
    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorShard.class);
    /** Keeps a request that makes the shard fail from having it loaded all the time. */
    private static final long BEFORE_LOADING_AGAIN_MS = 1_000;

    private static final Timeout NOTHING = () -> {};

    /** Where a term stands. */
    private enum Phase {
        LOADING,
        ACTIVE,
        FAILED,
        STOPPED
    }

    private final String name;
    private final OwnerLoop loop;
    private final PartitionLog log;
    private final Clock clock;
    private final long commitTimeoutMs;
    private final PendingCommits pending = new PendingCommits();
    private Phase phase = Phase.LOADING;
    private Supplier<S> states;
    private S state;
    private long endOffset;
    private long committedOffset;

    CoordinatorShard(String name, OwnerLoop loop, PartitionLog log, Clock clock, long commitTimeoutMs) {
        this.name = name;
        this.loop = loop;
        this.log = log;
        this.clock = clock;
        this.commitTimeoutMs = commitTimeoutMs;
    }

    /** Replays the log into a fresh state; requests are refused with COORDINATOR_LOAD_IN_PROGRESS until that is done. */
    void load(Supplier<S> fresh) {
        states = fresh;
        state = fresh.get();
        long startedNs = clock.monotonicNs();
        log.replay(
                batch -> {
                    if (phase == Phase.LOADING) {
                        endOffset = CoordinatorBatches.forEach(batch, state::replay);
                    }
                },
                failure -> loaded(failure, startedNs));
    }

    private void loaded(Exception failure, long startedNs) {
        if (phase != Phase.LOADING) {
            return;
        }
        if (failure != null) {
            phase = Phase.FAILED;
            LOG.error("Coordinator shard {} could not be loaded and does not serve", name, failure);
            return;
        }
        phase = Phase.ACTIVE;
        LOG.debug(
                "Coordinator shard {} loaded in epoch {} within {} ms",
                name,
                log.leaderEpoch(),
                (clock.monotonicNs() - startedNs) / 1_000_000);
        log.whenCommitted(endOffset, committedUpTo(endOffset, error -> {}));
        try {
            state.activate();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private Consumer<ApiException> committedUpTo(long offset, Consumer<ErrorCode> then) {
        return failure -> {
            if (failure == null) {
                committedOffset = Math.max(committedOffset, offset);
            }
            then.accept(failure == null ? ErrorCode.NONE : AppendErrors.forClients(failure.error()));
        };
    }

    /**
     * Runs a task with the state, or says why not. From any thread but an owner's.
     *
     * @param refused COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE if the load failed, NOT_COORDINATOR
     * @param ended is called in any case once one of the two has returned
     */
    void submit(Consumer<S> task, Consumer<ErrorCode> refused, Runnable ended) {
        loop.execute(() -> {
            try {
                run(task, refused);
            } finally {
                ended.run();
            }
        });
    }

    /** As {@link #submit}, from any thread. */
    void post(Consumer<S> task, Consumer<ErrorCode> refused) {
        loop.post(() -> run(task, refused));
    }

    private void run(Consumer<S> task, Consumer<ErrorCode> refused) {
        switch (phase) {
            case LOADING -> refused.accept(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
            case ACTIVE -> serve(task, refused);
            case FAILED -> refused.accept(ErrorCode.COORDINATOR_NOT_AVAILABLE);
            case STOPPED -> refused.accept(ErrorCode.NOT_COORDINATOR);
        }
    }

    /** Whatever goes wrong in the code that serves a request, the request is answered. */
    private void serve(Consumer<S> task, Consumer<ErrorCode> refused) {
        try {
            task.accept(state);
        } catch (RuntimeException e) {
            fail(e);
            refused.accept(ErrorCode.UNKNOWN_SERVER_ERROR);
        }
    }

    /** The state is not that of the log: nobody is served until it has been read anew. */
    private void fail(RuntimeException failure) {
        if (phase != Phase.ACTIVE) {
            LOG.error("Coordinator shard {} has failed once more", name, failure);
            return;
        }
        LOG.error("Coordinator shard {} has failed and will be loaded again", name, failure);
        phase = Phase.FAILED;
        pending.settleAll(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        S failed = state;
        // Not at once: the code of the state that has failed may still be running.
        loop.post(() -> abandon(failed));
        loop.schedule(BEFORE_LOADING_AGAIN_MS, () -> {
            if (phase == Phase.FAILED) {
                phase = Phase.LOADING;
                load(states);
            }
        });
    }

    private void abandon(S failed) {
        if (phase != Phase.FAILED) {
            return;
        }
        try {
            failed.deactivate(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        } catch (RuntimeException e) {
            LOG.error("What waits in the failed coordinator shard {} could not be answered", name, e);
        }
    }

    /** Ends the term: everything that waits is answered with NOT_COORDINATOR, and the state is dropped. */
    void stop() {
        boolean wasActive = phase == Phase.ACTIVE;
        phase = Phase.STOPPED;
        if (wasActive) {
            state.deactivate(ErrorCode.NOT_COORDINATOR);
        }
        pending.settleAll(ErrorCode.NOT_COORDINATOR);
        state = null;
    }

    @Override
    public void append(List<CoordinatorRecord> records, Consumer<ErrorCode> settled) {
        if (phase != Phase.ACTIVE) {
            settled.accept(ErrorCode.NOT_COORDINATOR);
            return;
        }
        if (records.isEmpty() && committedOffset >= endOffset) {
            settled.accept(ErrorCode.NONE);
            return;
        }
        if (!records.isEmpty()) {
            ErrorCode refused = appendToLog(records);
            if (refused != ErrorCode.NONE) {
                settled.accept(refused);
                return;
            }
            try {
                replay(records);
            } catch (RuntimeException e) {
                fail(e);
                settled.accept(ErrorCode.COORDINATOR_NOT_AVAILABLE);
                return;
            }
        }
        Pending entry = pending.add(settled);
        log.whenCommitted(endOffset, committedUpTo(endOffset, entry::settle));
        entry.giveUpAfter(loop, commitTimeoutMs);
    }

    private ErrorCode appendToLog(List<CoordinatorRecord> records) {
        try {
            ByteBuffer batch = CoordinatorBatches.build(records, clock.wallMs());
            endOffset = log.append(batch);
            return ErrorCode.NONE;
        } catch (ApiException refusal) {
            return AppendErrors.forClients(refusal.error());
        }
    }

    private void replay(List<CoordinatorRecord> records) {
        for (CoordinatorRecord record : records) {
            state.replay(new CoordinatorRecord(
                    record.key().duplicate(),
                    record.value() == null ? null : record.value().duplicate()));
        }
    }

    @Override
    public Timeout schedule(long delayMs, Runnable task) {
        if (phase != Phase.ACTIVE) {
            return NOTHING;
        }
        S scheduledBy = state;
        return loop.schedule(delayMs, () -> {
            if (phase == Phase.ACTIVE && state == scheduledBy) {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    fail(e);
                }
            }
        });
    }
}
