package io.odradek.core.request;

import io.odradek.core.controller.TopicNames;
import io.odradek.core.partition.LeaderLog;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.partition.PendingVerifications.Pending;
import io.odradek.core.purgatory.DelayedProduce;
import io.odradek.core.purgatory.OffsetWatches;
import io.odradek.core.request.ProduceQuestions.FirstBatch;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ProduceResponse.BatchIndexAndErrorMessage;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.InvalidRecordsException;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.ValidatedRecords;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Payload;
import io.odradek.storage.log.AppendResult;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * One owner's part of a Produce request: validates and appends, then answers, parks, and wakes those who wait. It stays in
 * work while batches of it are checked in the background, or their transaction's coordinator is asked, or they wait for those of
 * an earlier request.
 */
final class ProducePart extends Part {
    private static final String ADMIN_CLIENT_ID = "__admin_client";
    private static final ApiException NO_RECORDS =
            new ApiException(ErrorCode.INVALID_RECORD, "There are no records for the partition");

    private static final ApiException NO_TRANSACTION = new ApiException(
            ErrorCode.INVALID_TXN_STATE, "A transactional batch came in a request without a transactional id");

    private final ProduceInFlight request;
    private final int[] items;
    private final ProduceServices services;
    private final Partition[] touched;
    private List<ProduceWait> waits = List.of();
    private int openChecks;
    private int openQuestions;
    private boolean wasHeldUp;

    /** What is done for one partition; what it throws is the partition's error. */
    private interface Work {
        void run() throws Throwable;
    }

    ProducePart(ProduceInFlight request, PartitionOwner owner, int[] items, ProduceServices services) {
        super(request, owner);
        this.request = request;
        this.items = items;
        this.services = services;
        this.touched = new Partition[items.length];
    }

    @Override
    protected State serve() {
        for (int i = 0; i < items.length; i++) {
            take(i);
        }
        if (request.questions() != null) {
            request.questions().partHasLooked();
        }
        return state();
    }

    private State state() {
        if (request.questions() != null) {
            request.questions().ask();
        }
        if (openChecks + openQuestions > 0) {
            return State.IN_WORK;
        }
        if (wasHeldUp) {
            endReached();
        }
        if (waits.isEmpty()) {
            return State.DONE;
        }
        long waitMs = Math.min(services.maxWaitMs(), Math.max(0, request.timeoutMs()));
        DelayedProduce operation = DelayedProduce.park(owner().purgatory(), waits, waitMs, () -> {
            leave();
            request.partDone(this);
        });
        return park(operation);
    }

    /** What was appended first may be on all replicas by the time the last is: nobody would tell of that any more. */
    private void endReached() {
        if (!waits.isEmpty()) {
            waits.removeIf(wait -> {
                ErrorCode outcome = wait.outcome();
                if (outcome != null) {
                    wait.ended(outcome);
                }
                return outcome != null;
            });
        }
    }

    @Override
    protected void wakeOthers() {
        for (Partition partition : touched) {
            if (partition != null) {
                partition.announceChanges();
            }
        }
    }

    /** Has a partition's records appended, now or when their turn comes. */
    private void take(int i) {
        int item = items[i];
        try {
            TopicPartition id = request.id(item);
            refuseInternalTopic(id);
            Partition partition = services.lookup().require(owner(), id);
            partition.requireLeader(-1);
            partition.meters().writes();
            if (partition.appendOrder().isHeld()) {
                checkBegins();
                partition
                        .appendOrder()
                        .after(() -> step(() -> {
                            checkEnds();
                            check(i, partition);
                            return state();
                        }));
            } else {
                check(i, partition);
            }
        } catch (ApiException e) {
            request.failed(item, e.error(), e.getMessage(), List.of());
        } catch (Throwable e) {
            request.fail(e);
        }
    }

    /** Validates and appends, or has the validation done in the background if it is much work. */
    private void check(int i, Partition partition) {
        try {
            ByteBuffer records = records(items[i]);
            long nowMs = services.clock().wallMs();
            ValidatedRecords valid = RecordCheck.onLoop(records, partition, request.version(), nowMs);
            if (valid != null) {
                append(i, partition, valid, nowMs);
                return;
            }
            RecordCheck check = new RecordCheck(records, partition, request.version(), nowMs);
            checkBegins();
            if (!services.background().offer(() -> {
                check.run();
                owner().loop().post(() -> checked(i, partition, check));
            })) {
                checkEnds();
                throw services.behindChecks().refusal();
            }
            partition.appendOrder().hold();
        } catch (Throwable e) {
            failed(items[i], e);
        }
    }

    /** A batch waits for its check in the background, or for that of one before it. */
    private void checkBegins() {
        if (openChecks == 0) {
            services.behindChecks().enter();
        }
        openChecks++;
        wasHeldUp = true;
    }

    private void checkEnds() {
        openChecks--;
        if (openChecks == 0) {
            services.behindChecks().leave();
        }
    }

    /** A batch waits for what the coordinator says of it, or of one before it. */
    private void questionBegins() {
        if (openQuestions == 0) {
            services.behindCoordinators().enter();
        }
        openQuestions++;
        wasHeldUp = true;
    }

    private void questionEnds() {
        openQuestions--;
        if (openQuestions == 0) {
            services.behindCoordinators().leave();
        }
    }

    private void checked(int i, Partition partition, RecordCheck check) {
        try {
            goOnWith(
                    i,
                    this::checkEnds,
                    () -> append(i, partition, check.result(), services.clock().wallMs()));
        } finally {
            partition.appendOrder().release();
        }
    }

    /** Appends, unless the batch has to wait for what the coordinator of its transaction says. */
    private void append(int i, Partition partition, ValidatedRecords valid, long nowMs) {
        ByteBuffer batch = valid.records();
        if (valid.recordCount() == 0) {
            request.appended(
                    items[i], new AppendResult(-1, -1, -1, partition.log().startOffset(), false));
        } else if (!RecordBatch.isTransactional(batch, batch.position()) || !waitsForCoordinator(i, partition, valid)) {
            store(i, partition, valid, nowMs);
        }
    }

    /** A producer's batches stay in order: behind the first of a transaction the others wait. */
    private boolean waitsForCoordinator(int i, Partition partition, ValidatedRecords valid) {
        ByteBuffer batch = valid.records();
        long producerId = RecordBatch.producerId(batch, batch.position());
        Pending before = partition.appendOrder().verifications().of(producerId);
        if (before != null) {
            questionBegins();
            before.after(() -> goOnWith(
                    i,
                    this::questionEnds,
                    () -> append(i, partition, valid, services.clock().wallMs())));
            return true;
        }
        short epoch = RecordBatch.producerEpoch(batch, batch.position());
        if (!services.verification().asksFor(request.version())
                || partition.log().producers().inTransaction(producerId, epoch)) {
            return false;
        }
        if (request.transactionalId() == null) {
            throw NO_TRANSACTION;
        }
        int leaderEpoch = partition.requireLeader(-1).leaderEpoch();
        questionBegins();
        int firstEndEpoch = ProduceVerification.firstEndEpoch(request.version(), epoch);
        Pending pending = partition.appendOrder().verifications().begin(producerId, firstEndEpoch, leaderEpoch);
        request.questions().add(new FirstBatch(this, i, partition, valid, pending));
        return true;
    }

    /** The coordinator has answered: what was asked for together goes on together. */
    void verified(List<FirstBatch> batches, SortedMap<TopicPartition, ErrorCode> errors) {
        try {
            step(() -> {
                for (FirstBatch first : batches) {
                    questionEnds();
                    attempt(first.index(), () -> {
                        requireVerified(first, errors.get(first.partition().id()));
                        store(
                                first.index(),
                                first.partition(),
                                first.valid(),
                                services.clock().wallMs());
                    });
                }
                return state();
            });
        } finally {
            batches.forEach(
                    first -> first.partition().appendOrder().verifications().end(first.pending()));
        }
    }

    private void requireVerified(FirstBatch first, ErrorCode error) {
        if (error != ErrorCode.NONE) {
            throw new ApiException(
                    ProduceVerification.inVersion(request.version(), error),
                    "The transaction's coordinator does not let the batch pass");
        }
        if (first.pending().hasEnded()) {
            throw new ApiException(
                    ProduceVerification.inVersion(request.version(), ErrorCode.TRANSACTION_ABORTABLE),
                    "The transaction has ended");
        }
        if (!first.pending().isOfLeaderEpoch(first.partition().requireLeader(-1).leaderEpoch())) {
            throw new ApiException(
                    ErrorCode.NOT_ENOUGH_REPLICAS, "Another leader epoch has begun; the batch is to be sent again");
        }
    }

    /** What was held up goes on. */
    private void goOnWith(int i, Runnable wait, Work work) {
        step(() -> {
            wait.run();
            attempt(i, work);
            return state();
        });
    }

    private void attempt(int i, Work work) {
        try {
            work.run();
        } catch (Throwable e) {
            failed(items[i], e);
        }
    }

    private void store(int i, Partition partition, ValidatedRecords valid, long nowMs) {
        int item = items[i];
        int leaderEpoch = partition.requireLeader(-1).leaderEpoch();
        touched[i] = partition;
        AppendResult result = LeaderLog.append(partition, valid.records(), request.acks(), nowMs);
        request.appended(item, result);
        if (RecordCheck.converts(request.version())) {
            partition.meters().convertedUp(valid.recordCount());
        }
        if (request.acks() == -1) {
            await(new CommitWait(request, item, partition, result.lastOffset() + 1, leaderEpoch));
        } else if (request.acks() == 1 && !partition.isForced()) {
            await(new ForceWait(request, item, partition, partition.log().awaitedForceOffset(), leaderEpoch));
        }
    }

    private void failed(int item, Throwable cause) {
        count(item, cause);
        if (cause instanceof InvalidRecordsException invalid) {
            request.failed(item, invalid.error(), invalid.getMessage(), recordErrors(invalid));
        } else if (cause instanceof ApiException refusal) {
            request.failed(item, refusal.error(), refusal.getMessage(), List.of());
        } else {
            request.fail(cause);
        }
    }

    private void count(int item, Throwable cause) {
        Partition partition = owner().partition(request.id(item));
        if (partition != null) {
            ErrorCode error = cause instanceof InvalidRecordsException invalid
                    ? invalid.error()
                    : cause instanceof ApiException refusal ? refusal.error() : ErrorCode.UNKNOWN_SERVER_ERROR;
            Payload records = request.records(item);
            partition.meters().refused(error, records == null ? 0 : records.sizeBytes());
        }
    }

    private void refuseInternalTopic(TopicPartition id) {
        if (TopicNames.internal(id.topic())
                && !ADMIN_CLIENT_ID.equals(request.context().header().clientId())) {
            throw new ApiException(
                    ErrorCode.INVALID_TOPIC_EXCEPTION, "Topic " + id.topic() + " is internal and not for producers");
        }
    }

    private ByteBuffer records(int item) {
        if (request.records(item) instanceof BytesPayload bytes) {
            return bytes.buffer();
        }
        throw NO_RECORDS;
    }

    private void await(ProduceWait wait) {
        ErrorCode outcome = wait.outcome();
        if (outcome != null) {
            wait.ended(outcome);
            return;
        }
        if (waits.isEmpty()) {
            waits = new ArrayList<>(items.length);
        }
        waits.add(wait);
    }

    private static List<BatchIndexAndErrorMessage> recordErrors(InvalidRecordsException e) {
        List<BatchIndexAndErrorMessage> errors =
                new ArrayList<>(e.recordErrors().size());
        for (InvalidRecordsException.RecordError error : e.recordErrors()) {
            errors.add(new BatchIndexAndErrorMessage(error.batchIndex(), error.message()));
        }
        return errors;
    }

    /** Appended records of one partition that cannot be acknowledged yet. */
    private sealed interface ProduceWait extends DelayedProduce.Wait {
        ProduceInFlight request();

        int item();

        Partition partition();

        @Override
        default void ended(ErrorCode outcome) {
            if (outcome != ErrorCode.NONE) {
                request().failed(item(), outcome, null, List.of());
            }
        }
    }

    /** Records appended with acks=-1 that may not be on every in-sync replica yet. */
    private record CommitWait(
            ProduceInFlight request, int item, Partition partition, long awaitedOffset, int leaderEpoch)
            implements ProduceWait {
        @Override
        public OffsetWatches watchers() {
            return partition.watches().commits();
        }

        @Override
        public ErrorCode outcome() {
            return LeaderLog.committed(partition, awaitedOffset, leaderEpoch);
        }
    }

    /** Records appended with acks=1 that are to be forced to the disk first. */
    private record ForceWait(
            ProduceInFlight request, int item, Partition partition, long awaitedOffset, int leaderEpoch)
            implements ProduceWait {
        @Override
        public OffsetWatches watchers() {
            return partition.watches().forces();
        }

        @Override
        public ErrorCode outcome() {
            return LeaderLog.forced(partition, awaitedOffset, leaderEpoch);
        }
    }
}
