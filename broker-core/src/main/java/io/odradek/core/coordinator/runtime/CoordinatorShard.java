package io.odradek.core.coordinator.runtime;

import io.odradek.core.coordinator.runtime.PendingCommits.Pending;
import io.odradek.core.partition.OwnerLoop;
import io.odradek.core.partition.PartitionLog;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop.Timeout;
import io.odradek.storage.env.FewLines;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
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
 *      |  log cannot be read       resigned                       |
 *      +---------------> FAILED ----------------------------------+
 *                         ^  |
 *   ACTIVE ---------------+  +----> LOADING
 *      replay, reset failed     a while after that, the longer the more often it failed
 * </pre>
 *
 * <p>Work that fails fails alone. Whether it had appended something or not, what is stored is what the log says, since
 * only replay changes it; what else it may have left half-done in memory belongs to its key. So its request is answered
 * UNKNOWN_SERVER_ERROR, and its key is {@link ShardState#reset} once the work that is running has come to its end. Only when
 * what is stored is itself in doubt (a record of our own cannot be replayed, a key cannot be made anew) does the shard fail
 * as a whole: what waits is answered, and the state is read anew from the log.
 *
 * <p>The state in memory is that of the log's end, committed or not. No answer leaves before the high watermark has passed
 * the log's end as it was when the answer was computed, reads included, so nobody sees what can still disappear. If an
 * append is never committed its shard resigns sooner or later, and the state goes with it: nothing is ever rolled back.
 *
 * @param <S> the state
 */
final class CoordinatorShard<S extends ShardState> implements ShardContext {
    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorShard.class);
    /** Keeps what makes the shard fail from having it loaded all the time. */
    private static final long FIRST_RETRY_MS = 1_000;

    private static final long LAST_RETRY_MS = 30_000;
    private static final Timeout NOTHING = () -> {};
    private static final RecordPosition OUTSIDE = RecordPosition.at(0);

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
    private final FewLines failures;
    private final FewLines reloads;
    private final PendingCommits pending = new PendingCommits();
    private final TreeSet<String> halfDone = new TreeSet<>();
    private final List<Consumer<S>> whenActive = new ArrayList<>();
    private Phase phase = Phase.LOADING;
    private long retryMs = FIRST_RETRY_MS;
    private Work current;
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
        this.failures = new FewLines(LOG, clock);
        this.reloads = new FewLines(LOG, clock);
    }

    /** Replays the log into a fresh state; requests are refused with COORDINATOR_LOAD_IN_PROGRESS until that is done. */
    void load(Supplier<S> fresh) {
        states = fresh;
        state = fresh.get();
        long startedNs = clock.monotonicNs();
        LogLoading loading = new LogLoading(name, state);
        log.replay(
                batch -> {
                    if (phase == Phase.LOADING) {
                        endOffset = loading.apply(batch);
                    }
                },
                failure -> loaded(failure, loading, startedNs));
    }

    private void loaded(Exception failure, LogLoading loading, long startedNs) {
        if (phase != Phase.LOADING) {
            return;
        }
        if (failure != null) {
            reloads.error("Coordinator shard " + name + " could not be loaded", failure);
            phase = Phase.FAILED;
            S failed = state;
            loop.post(() -> abandon(failed));
            loadAgainLater();
            return;
        }
        loading.finish();
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
        if (phase == Phase.ACTIVE) {
            retryMs = FIRST_RETRY_MS;
            runWhatHasWaited();
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
     * Runs a task with the state, or says why not. From any thread, as {@link OwnerLoop#execute}.
     *
     * @param key what the task changes, or null if it changes nothing, or divides its work with {@link #on}
     * @param refused COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE if the load failed, NOT_COORDINATOR, and
     *     UNKNOWN_SERVER_ERROR if the task failed, which may have answered already
     * @param ended is called in any case once one of the two has returned
     */
    void submit(String key, Consumer<S> task, Consumer<ErrorCode> refused, Runnable ended) {
        loop.execute(() -> {
            try {
                serve(key, task, refused);
            } finally {
                ended.run();
            }
        });
    }

    /** As {@link #submit}, from any thread. */
    void post(String key, Consumer<S> task, Consumer<ErrorCode> refused) {
        loop.post(() -> serve(key, task, refused));
    }

    /** Runs a task with the state once that is loaded, or not at all if it never is. From any thread. */
    void postWhenActive(Consumer<S> task) {
        loop.post(() -> {
            if (phase == Phase.ACTIVE) {
                serve(null, task, refused -> {});
            } else if (phase != Phase.STOPPED) {
                whenActive.add(task);
            }
        });
    }

    private void runWhatHasWaited() {
        List<Consumer<S>> waited = List.copyOf(whenActive);
        whenActive.clear();
        waited.forEach(task -> serve(null, task, refused -> {}));
    }

    private void serve(String key, Consumer<S> task, Consumer<ErrorCode> refused) {
        switch (phase) {
            case LOADING -> refused.accept(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
            case ACTIVE -> run(new Work(key, refused), () -> task.accept(state));
            case FAILED -> refused.accept(ErrorCode.COORDINATOR_NOT_AVAILABLE);
            case STOPPED -> refused.accept(ErrorCode.NOT_COORDINATOR);
        }
    }

    @Override
    public int leaderEpoch() {
        return log.leaderEpoch();
    }

    @Override
    public void on(String key, Runnable task) {
        run(Work.on(key), task);
    }

    private void run(Work work, Runnable task) {
        Work outer = current;
        current = work;
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            failed(work, e);
        } finally {
            current = outer;
        }
        if (outer == null) {
            resetHalfDone();
        }
    }

    private void failed(Work work, Throwable failure) {
        failures.error("Work of coordinator shard " + name + " has failed", failure);
        if (work.key() != null) {
            halfDone.add(work.key());
        }
        try {
            work.refused().accept(ErrorCode.UNKNOWN_SERVER_ERROR);
        } catch (RuntimeException e) {
            failures.error("A request to coordinator shard " + name + " could not be refused", e);
        }
    }

    /** Not at once: the code that has a key's objects in hand may still be running. */
    private void resetHalfDone() {
        while (phase == Phase.ACTIVE && !halfDone.isEmpty()) {
            String key = halfDone.pollFirst();
            current = Work.on(key);
            try {
                state.reset(key, ErrorCode.COORDINATOR_NOT_AVAILABLE);
            } catch (RuntimeException e) {
                fail(e);
            } finally {
                current = null;
            }
        }
        halfDone.clear();
    }

    /** What is stored is not what the log says: nobody is served until it has been read anew. */
    private void fail(RuntimeException failure) {
        if (phase != Phase.ACTIVE) {
            reloads.error("Coordinator shard " + name + " has failed once more", failure);
            return;
        }
        reloads.error("Coordinator shard " + name + " has failed and will be loaded again", failure);
        phase = Phase.FAILED;
        pending.settleAll(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        S failed = state;
        // Not at once: the code of the state that has failed may still be running.
        loop.post(() -> abandon(failed));
        loadAgainLater();
    }

    private void loadAgainLater() {
        loop.schedule(retryMs, () -> {
            if (phase == Phase.FAILED) {
                phase = Phase.LOADING;
                load(states);
            }
        });
        retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
    }

    private void abandon(S failed) {
        if (phase == Phase.FAILED) {
            deactivate(failed, ErrorCode.COORDINATOR_NOT_AVAILABLE);
        }
    }

    /** Ends the term: everything that waits is answered with NOT_COORDINATOR, and the state is dropped. */
    void stop() {
        phase = Phase.STOPPED;
        whenActive.clear();
        deactivate(state, ErrorCode.NOT_COORDINATOR);
        pending.settleAll(ErrorCode.NOT_COORDINATOR);
        state = null;
    }

    private void deactivate(S old, ErrorCode reason) {
        try {
            old.deactivate(reason);
        } catch (RuntimeException e) {
            failures.error("What waits in coordinator shard " + name + " could not be answered", e);
        }
    }

    @Override
    public void append(List<CoordinatorRecord> records, Consumer<ErrorCode> settled) {
        append(records, OUTSIDE, settled);
    }

    @Override
    public void appendTransactional(
            long producerId, short producerEpoch, List<CoordinatorRecord> records, Consumer<ErrorCode> settled) {
        append(records, new RecordPosition(0, producerId, producerEpoch), settled);
    }

    private void append(List<CoordinatorRecord> records, RecordPosition where, Consumer<ErrorCode> settled) {
        if (phase != Phase.ACTIVE) {
            settled.accept(ErrorCode.NOT_COORDINATOR);
            return;
        }
        if (records.isEmpty() && committedOffset >= endOffset) {
            settled.accept(ErrorCode.NONE);
            return;
        }
        if (!records.isEmpty()) {
            ErrorCode refused = appended(
                    () -> CoordinatorBatches.build(records, where, clock.wallMs()), () -> replay(records, where));
            if (refused != ErrorCode.NONE) {
                settled.accept(refused);
                return;
            }
        }
        settleOnceCommitted(settled);
    }

    /**
     * Appends the marker that ends a producer's transaction in this log, and tells the state of it in the same step. From any
     * thread.
     *
     * @param settled as {@link ShardContext#append}, and COORDINATOR_LOAD_IN_PROGRESS; TRANSACTION_COORDINATOR_FENCED or
     *     INVALID_PRODUCER_EPOCH if the log has heard of what came after it
     * @param ended is called in any case, once it stands in no queue any more
     */
    void endTransaction(
            long producerId, short producerEpoch, ControlRecord marker, Consumer<ErrorCode> settled, Runnable ended) {
        loop.execute(() -> {
            try {
                serve(null, served -> endTransaction(producerId, producerEpoch, marker, settled), settled);
            } finally {
                ended.run();
            }
        });
    }

    private void endTransaction(
            long producerId, short producerEpoch, ControlRecord marker, Consumer<ErrorCode> settled) {
        boolean commits = marker.type() == ControlRecord.Type.COMMIT;
        ErrorCode refused = appended(
                () -> marker.toBatch(producerId, producerEpoch, clock.wallMs()),
                () -> state.endTransaction(producerId, producerEpoch, commits));
        if (refused == ErrorCode.NONE) {
            settleOnceCommitted(settled);
        } else {
            settled.accept(refused);
        }
    }

    private void settleOnceCommitted(Consumer<ErrorCode> settled) {
        Work work = current == null ? Work.NONE : current;
        Pending entry = pending.add(error -> run(work, () -> settled.accept(error)));
        log.whenCommitted(endOffset, committedUpTo(endOffset, entry::settle));
        entry.giveUpAfter(loop, commitTimeoutMs);
    }

    /** Appends a batch and applies it. {@return NONE, or why it could not be} */
    private ErrorCode appended(Supplier<ByteBuffer> batch, Runnable apply) {
        try {
            endOffset = log.append(batch.get());
        } catch (ApiException refusal) {
            return AppendErrors.forClients(refusal.error());
        }
        try {
            apply.run();
            return ErrorCode.NONE;
        } catch (RuntimeException e) {
            fail(e);
            return ErrorCode.COORDINATOR_NOT_AVAILABLE;
        }
    }

    private void replay(List<CoordinatorRecord> records, RecordPosition where) {
        long offset = endOffset - records.size();
        for (CoordinatorRecord record : records) {
            ByteBuffer value = record.value() == null ? null : record.value().duplicate();
            state.replay(new CoordinatorRecord(record.key().duplicate(), value), where.moved(offset));
            offset++;
        }
    }

    @Override
    public Timeout schedule(long delayMs, Runnable task) {
        if (phase != Phase.ACTIVE) {
            return NOTHING;
        }
        S scheduledBy = state;
        // The key alone: a timer must not hold a request that has long been answered.
        Work work = Work.on(current == null ? null : current.key());
        return loop.schedule(delayMs, () -> {
            if (phase == Phase.ACTIVE && state == scheduledBy) {
                run(work, task);
            }
        });
    }
}
