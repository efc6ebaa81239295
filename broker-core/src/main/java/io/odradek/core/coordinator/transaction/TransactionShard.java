package io.odradek.core.coordinator.transaction;

import io.odradek.core.coordinator.runtime.CoordinatorBatches;
import io.odradek.core.coordinator.runtime.CoordinatorRecord;
import io.odradek.core.coordinator.runtime.CoordinatorResult;
import io.odradek.core.coordinator.runtime.RecordPosition;
import io.odradek.core.coordinator.runtime.ShardState;
import io.odradek.core.coordinator.transaction.Decision.Change;
import io.odradek.core.coordinator.transaction.Decision.NeedsProducerId;
import io.odradek.core.coordinator.transaction.Decision.Stay;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The transactional ids of one partition of {@code __transaction_state}. A request is decided by a pure function of what is known
 * of its id; what that changes is appended and replayed at once, so that the next request finds it, and the answer leaves when it
 * is committed. Two clocks tick: transactions whose time is over are aborted, and ids that nobody uses are forgotten.
 */
final class TransactionShard implements ShardState {
    private static final int TOMBSTONE_BATCH_BYTES = 256 * 1024;

    private final TransactionServices services;
    private final StoredTransactions stored;
    private final MarkerDuty duty;

    /** Decides what comes of a request. */
    interface Rule {
        /** {@return the decision} @param present what is known of the id, null if nothing */
        Decision decide(Transaction present, long nowMs);
    }

    /**
     * Makes an answer of all there is.
     *
     * @param <R> the answer
     */
    interface Reading<R> {
        /** {@return the answer} @param all what is known of each id, ascending, valid during the call */
        R of(SortedMap<String, Transaction> all, long nowMs);
    }

    TransactionShard(TransactionServices services) {
        this.services = services;
        this.stored = new StoredTransactions(services);
        this.duty = new MarkerDuty(services, stored);
    }

    /**
     * Carries a request out.
     *
     * @param reply is told once what was decided is committed; COORDINATOR_NOT_AVAILABLE if there is no memory for it
     * @param needsProducerId is called instead if the rule cannot decide without a new producer id
     */
    void decide(String id, Rule rule, Consumer<Verdict> reply, Runnable needsProducerId) {
        Decision decision = rule.decide(stored.get(id), services.nowMs());
        if (decision instanceof NeedsProducerId) {
            needsProducerId.run();
        } else if (decision instanceof Stay stay) {
            services.context().complete(CoordinatorResult.read(stay.verdict()), Verdict::of, reply);
        } else if (decision instanceof Change change) {
            if (stored.hasRoomFor(id, change.next())) {
                change(id, change, reply);
            } else {
                reply.accept(Verdict.of(ErrorCode.COORDINATOR_NOT_AVAILABLE));
            }
        }
    }

    private void change(String id, Change change, Consumer<Verdict> reply) {
        store(
                id,
                change.next(),
                error -> reply.accept(error == ErrorCode.NONE ? change.verdict() : Verdict.of(forProducers(error))));
    }

    /** Whatever comes of it, a transaction whose outcome is in the log is taken in hand. */
    private void store(String id, Transaction next, Consumer<ErrorCode> then) {
        stored.put(id, next, error -> {
            then.accept(error);
            if (error == ErrorCode.NONE) {
                duty.committed(id, next);
            } else {
                duty.begin(id);
            }
        });
    }

    /** A transaction of more partitions than fit into a record is no fault of the last of them. */
    private static ErrorCode forProducers(ErrorCode ofAppend) {
        return ofAppend == ErrorCode.MESSAGE_TOO_LARGE ? ErrorCode.UNKNOWN_SERVER_ERROR : ofAppend;
    }

    /** Tells of each partition whether it is in the producer's transaction, as {@link Participation#verify} says. */
    void verify(
            String id,
            long producerId,
            short producerEpoch,
            SortedSet<TopicPartition> partitions,
            Consumer<SortedMap<TopicPartition, ErrorCode>> reply) {
        Transaction present = stored.get(id);
        SortedMap<TopicPartition, ErrorCode> errors = new TreeMap<>();
        partitions.forEach(one -> errors.put(one, Participation.verify(present, producerId, producerEpoch, one)));
        services.context().complete(CoordinatorResult.read(errors), error -> all(partitions, error), reply);
    }

    static SortedMap<TopicPartition, ErrorCode> all(SortedSet<TopicPartition> partitions, ErrorCode error) {
        SortedMap<TopicPartition, ErrorCode> errors = new TreeMap<>();
        partitions.forEach(partition -> errors.put(partition, error));
        return errors;
    }

    /**
     * Reads what is known of all ids, once that is committed.
     *
     * @param reading makes the answer, at once
     */
    <R> void read(Reading<R> reading, Function<ErrorCode, R> refused, Consumer<R> reply) {
        services.context().complete(CoordinatorResult.read(reading.of(stored.all(), services.nowMs())), refused, reply);
    }

    @Override
    public void replay(CoordinatorRecord record, RecordPosition position) {
        stored.replay(record);
    }

    @Override
    public void endTransaction(long producerId, short producerEpoch, boolean committed) {
        // Nothing is written to this log in a transaction.
    }

    @Override
    public void activate() {
        duty.activate();
        every(services.settings().overdueCheckIntervalMs(), this::abortOverdue);
        every(services.settings().unusedCheckIntervalMs(), this::forgetUnused);
    }

    private void every(long intervalMs, Runnable task) {
        services.context().schedule(intervalMs, () -> {
            every(intervalMs, task);
            task.run();
        });
    }

    private void abortOverdue() {
        long nowMs = services.nowMs();
        for (String id : ids(transaction -> Expiry.isOverdue(transaction, nowMs))) {
            services.context()
                    .on(
                            id,
                            () -> store(id, Ending.fenced(stored.get(id), nowMs), error -> {
                                // What could not be appended is found again the next time.
                            }));
        }
    }

    private void forgetUnused() {
        long nowMs = services.nowMs();
        long expirationMs = services.settings().idExpirationMs();
        List<CoordinatorRecord> tombstones = new ArrayList<>();
        ids(transaction -> Expiry.isUnused(transaction, expirationMs, nowMs))
                .forEach(id -> tombstones.add(TransactionRecords.tombstone(id)));
        for (List<CoordinatorRecord> portion : CoordinatorBatches.portions(tombstones, TOMBSTONE_BATCH_BYTES)) {
            services.context().append(portion, error -> {
                // What could not be appended is found again the next time.
            });
        }
    }

    private List<String> ids(Predicate<Transaction> which) {
        List<String> ids = new ArrayList<>();
        stored.all().forEach((id, transaction) -> {
            if (which.test(transaction)) {
                ids.add(id);
            }
        });
        return ids;
    }

    @Override
    public void reset(String key, ErrorCode reason) {
        duty.reset(key);
    }

    @Override
    public void deactivate(ErrorCode reason) {
        duty.close();
        stored.close();
    }
}
