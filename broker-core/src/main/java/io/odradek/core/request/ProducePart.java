package io.odradek.core.request;

import io.odradek.core.controller.TopicNames;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.purgatory.DelayedProduce;
import io.odradek.core.purgatory.WatchList;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ProduceResponse.BatchIndexAndErrorMessage;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.InvalidRecordsException;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordValidator;
import io.odradek.protocol.record.ValidatedRecords;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Payload;
import io.odradek.storage.env.Clock;
import io.odradek.storage.log.Log.AppendResult;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** One owner's part of a Produce request: validates and appends, then answers, parks, and wakes those who wait. */
final class ProducePart extends OwnerTask {
    private static final String ADMIN_CLIENT_ID = "__admin_client";
    private static final short FIRST_VERSION_WITH_ZSTD = 7;

    private final ProduceInFlight request;
    private final int[] items;
    private final PartitionLookup lookup;
    private final Clock clock;
    private final Partition[] touched;
    private List<ProduceWait> waits = List.of();

    ProducePart(ProduceInFlight request, PartitionOwner owner, int[] items, PartitionLookup lookup, Clock clock) {
        super(request, owner);
        this.request = request;
        this.items = items;
        this.lookup = lookup;
        this.clock = clock;
        this.touched = new Partition[items.length];
    }

    @Override
    protected void serve() {
        for (int i = 0; i < items.length; i++) {
            append(i);
        }
        if (waits.isEmpty()) {
            request.partDone();
        } else {
            DelayedProduce.park(owner().purgatory(), waits, Math.max(0, request.timeoutMs()), request::partDone);
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

    private void append(int i) {
        int item = items[i];
        try {
            TopicPartition id = request.id(item);
            refuseInternalTopic(id);
            Partition partition = lookup.require(owner(), id);
            int leaderEpoch = partition.requireLeader(-1).leaderEpoch();
            touched[i] = partition;
            long nowMs = clock.wallMs();
            ValidatedRecords valid = validate(request.records(item), partition, nowMs);
            AppendResult result = partition.appendAsLeader(valid.records(), request.acks(), nowMs);
            request.appended(item, result);
            if (request.acks() == -1) {
                await(new CommitWait(request, item, partition, result.lastOffset() + 1, leaderEpoch));
            } else if (request.acks() == 1 && !partition.isForced()) {
                await(new ForceWait(request, item, partition, partition.log().awaitedForceOffset(), leaderEpoch));
            }
        } catch (InvalidRecordsException e) {
            request.failed(item, e.error(), e.getMessage(), recordErrors(e));
        } catch (ApiException e) {
            request.failed(item, e.error(), e.getMessage(), List.of());
        }
    }

    private void refuseInternalTopic(TopicPartition id) {
        if (TopicNames.internal(id.topic())
                && !ADMIN_CLIENT_ID.equals(request.context().header().clientId())) {
            throw new ApiException(
                    ErrorCode.INVALID_TOPIC_EXCEPTION, "Topic " + id.topic() + " is internal and not for producers");
        }
    }

    private ValidatedRecords validate(Payload records, Partition partition, long nowMs) {
        if (!(records instanceof BytesPayload bytes)) {
            throw new ApiException(ErrorCode.INVALID_RECORD, "There are no records for " + partition.id());
        }
        refuseZstdOfOldVersions(bytes.buffer());
        return RecordValidator.validate(bytes.buffer(), partition.recordRules(), nowMs);
    }

    /** A client that speaks only older versions may not know zstd when it fetches (KIP-110). */
    private void refuseZstdOfOldVersions(ByteBuffer records) {
        if (request.context().header().apiVersion() < FIRST_VERSION_WITH_ZSTD
                && records.remaining() >= RecordBatch.HEADER_SIZE
                && RecordBatch.codecId(records, records.position()) == CompressionCodec.ZSTD.id()) {
            throw new ApiException(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, "Produce before version 7 takes no zstd");
        }
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
        default WatchList watchers() {
            return partition().watchers();
        }

        @Override
        default void ended(ErrorCode outcome) {
            if (outcome != ErrorCode.NONE) {
                request().failed(item(), outcome, null, List.of());
            }
        }
    }

    /** Records appended with acks=-1 that may not be on every in-sync replica yet. */
    private record CommitWait(ProduceInFlight request, int item, Partition partition, long endOffset, int leaderEpoch)
            implements ProduceWait {
        @Override
        public ErrorCode outcome() {
            return partition.committed(endOffset, leaderEpoch);
        }
    }

    /** Records appended with acks=1 that are to be forced to the disk first. */
    private record ForceWait(
            ProduceInFlight request, int item, Partition partition, long awaitedOffset, int leaderEpoch)
            implements ProduceWait {
        @Override
        public ErrorCode outcome() {
            return partition.forced(awaitedOffset, leaderEpoch);
        }
    }
}
