package io.odradek.core.request;

import io.odradek.core.controller.TopicNames;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.PartitionOwner;
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

/** One owner's part of a DeleteRecords request: moves the beginnings, and waits until they are saved. */
final class DeleteRecordsPart extends Part {
    private final DeleteRecordsInFlight request;
    private final int[] items;
    private final Wishes wishes;
    private final PartitionLookup lookup;
    private final LogStartStore starts;
    private final Map<Log, List<Integer>> unsaved = new LinkedHashMap<>();

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
        Saving saving = new Saving();
        State parked = park(saving);
        owner().purgatory().expireAfter(saving, wishes.timeoutMs());
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
            partition.deleteRecordsBefore(wishes.offsets().get(item));
            request.deleted(item, partition.log().startOffset());
            unsaved.computeIfAbsent(partition.log(), log -> new ArrayList<>()).add(item);
        } catch (ApiException e) {
            request.failed(item, e.error());
        }
    }

    private void saved(Log log, IOException failure) {
        if (!isParked()) {
            return;
        }
        List<Integer> done = unsaved.remove(log);
        if (failure != null) {
            done.forEach(item -> request.failed(item, ErrorCode.KAFKA_STORAGE_ERROR));
        }
        if (unsaved.isEmpty()) {
            leave();
            request.partDone(this);
        }
    }

    /** Is told of nothing but the end of its time. */
    private final class Saving extends DelayedOperation {
        @Override
        protected void onChange(int slot) {
            throw new IllegalStateException("No partition is watched");
        }

        @Override
        protected void onTimeout() {
            leave();
            for (List<Integer> late : unsaved.values()) {
                late.forEach(item -> request.failed(item, ErrorCode.REQUEST_TIMED_OUT));
            }
            request.partDone(DeleteRecordsPart.this);
        }
    }
}
