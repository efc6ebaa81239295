package io.odradek.core.request;

import io.odradek.core.controller.TopicNames;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.partition.RecordDeletion;
import io.odradek.core.purgatory.DelayedOperation;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One owner's part of a DeleteRecords request: moves the beginnings, and waits until they are saved and the followers that
 * are alive have taken them over.
 */
final class DeleteRecordsPart extends Part {
    private final DeleteRecordsInFlight request;
    private final int[] items;
    private final Wishes wishes;
    private final PartitionLookup lookup;
    private final LogStartStore starts;
    private final Map<Log, List<Target>> unsaved = new LinkedHashMap<>();
    private final Map<Integer, Target> unfollowed = new LinkedHashMap<>();
    private Waiting waiting;

    /** Where a partition is to begin on all its replicas. */
    private record Target(int item, Partition partition, long offset) {}

    /**
     * What is asked.
     *
     * @param ids the partition of each item
     * @param offsets where each is to begin
     * @param timeoutMs how long to wait
     */
    record Wishes(List<TopicPartition> ids, List<Long> offsets, long timeoutMs) {}

    DeleteRecordsPart(
            DeleteRecordsInFlight request,
            PartitionOwner owner,
            int[] items,
            Wishes wishes,
            PartitionLookup lookup,
            LogStartStore starts) {
        super(request, owner);
        this.request = request;
        this.items = items;
        this.wishes = wishes;
        this.lookup = lookup;
        this.starts = starts;
    }

    @Override
    protected State serve() {
        for (int item : items) {
            delete(item);
        }
        if (unsaved.isEmpty()) {
            return State.DONE;
        }
        waiting = new Waiting();
        State parked = park(waiting);
        owner().purgatory().expireAfter(waiting, wishes.timeoutMs());
        for (Log log : List.copyOf(unsaved.keySet())) {
            starts.save(log, failure -> owner().loop().post(() -> saved(log, failure)));
        }
        return parked;
    }

    private void delete(int item) {
        TopicPartition id = wishes.ids().get(item);
        try {
            if (TopicNames.internal(id.topic())) {
                throw new ApiException(
                        ErrorCode.INVALID_TOPIC_EXCEPTION, "Records of the internal " + id.topic() + " stay");
            }
            Partition partition = lookup.require(owner(), id);
            RecordDeletion.before(partition, wishes.offsets().get(item));
            unsaved.computeIfAbsent(partition.log(), log -> new ArrayList<>())
                    .add(new Target(item, partition, partition.log().startOffset()));
        } catch (ApiException e) {
            request.failed(item, e.error());
        }
    }

    private void saved(Log log, IOException failure) {
        if (!isParked()) {
            return;
        }
        for (Target target : unsaved.remove(log)) {
            if (failure != null) {
                request.failed(target.item(), ErrorCode.KAFKA_STORAGE_ERROR);
            } else if (!isOver(target)) {
                unfollowed.put(target.item(), target);
                waiting.watch(target.partition().watches().changes(), target.item());
            }
        }
        endIfDone();
    }

    /** {@return whether the partition begins there on all its replicas, or cannot any more} */
    private boolean isOver(Target target) {
        try {
            long lowWatermark = RecordDeletion.lowWatermark(target.partition());
            if (lowWatermark < target.offset()) {
                return false;
            }
            request.deleted(target.item(), lowWatermark);
        } catch (ApiException e) {
            request.failed(target.item(), e.error());
        }
        return true;
    }

    private void endIfDone() {
        if (unsaved.isEmpty() && unfollowed.isEmpty()) {
            leave();
            request.partDone(this);
        }
    }

    /** Waits for followers, for the store, or for the end of its time. */
    private final class Waiting extends DelayedOperation {
        @Override
        protected int kind() {
            return DELETE_RECORDS;
        }

        @Override
        protected void onChange(int slot) {
            Target target = unfollowed.get(slot);
            if (target != null && isOver(target)) {
                unfollowed.remove(slot);
                endIfDone();
            }
        }

        @Override
        protected void onTimeout() {
            leave();
            unsaved.values().forEach(late -> late.forEach(this::timedOut));
            unfollowed.values().forEach(this::timedOut);
            request.partDone(DeleteRecordsPart.this);
        }

        private void timedOut(Target late) {
            request.failed(late.item(), ErrorCode.REQUEST_TIMED_OUT);
        }
    }
}
