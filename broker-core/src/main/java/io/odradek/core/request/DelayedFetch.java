package io.odradek.core.request;

import io.odradek.core.fetch.FetchLimits;
import io.odradek.core.fetch.PartitionResults;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.purgatory.DelayedOperation;
import io.odradek.protocol.api.FetchResponse.PartitionData;

/**
 * One owner's part of a fetch: reads its partitions, and watches them if they give too little. Called on the owner's loop,
 * but for {@link #result} and {@link #abandoned}.
 */
final class DelayedFetch extends DelayedOperation implements Runnable {
    private final FetchInFlight fetch;
    private final PartitionOwner owner;
    private final int[] items;
    private final FetchReader reader;
    private volatile Result result;

    /**
     * What the partitions gave when they were last read. Immutable: other owners sum it up.
     *
     * @param data for each of the part's items
     * @param sizeBytes all records
     * @param urgent whether something must be told at once
     */
    record Result(PartitionData[] data, long sizeBytes, boolean urgent) {
        static Result of(PartitionData[] data) {
            long sizeBytes = 0;
            boolean urgent = false;
            for (PartitionData partition : data) {
                sizeBytes += partition.records().sizeBytes();
                urgent |= PartitionResults.isUrgent(partition);
            }
            return new Result(data, sizeBytes, urgent);
        }
    }

    DelayedFetch(FetchInFlight fetch, PartitionOwner owner, int[] items, FetchReader reader) {
        this.fetch = fetch;
        this.owner = owner;
        this.items = items;
        this.reader = reader;
    }

    PartitionOwner owner() {
        return owner;
    }

    int[] items() {
        return items;
    }

    Result result() {
        return result;
    }

    /** The first read. Watches in the same task if that was too little, so that no change is missed. */
    @Override
    public void run() {
        try {
            readAll();
            if (isTooLittle() && !fetch.isAnswered()) {
                park();
            }
            fetch.partRead(this);
        } catch (RuntimeException e) {
            failed(e);
        } finally {
            fetch.context().workEnds();
        }
    }

    /** Reads all partitions again, so that the slices are of files that are still there. */
    void readAll() {
        FetchLimits limits = fetch.limits();
        PartitionData[] data = new PartitionData[items.length];
        long sizeBytes = 0;
        for (int i = 0; i < items.length; i++) {
            int leftBytes = (int) Math.max(sizeBytes == 0 ? 1 : 0, limits.maxBytes() - sizeBytes);
            data[i] = reader.read(owner, fetch.item(items[i]), limits, leftBytes);
            sizeBytes += data[i].records().sizeBytes();
        }
        result = Result.of(data);
    }

    /** Limits the wait; after the fetch was answered elsewhere there is none. */
    void expireAfter(long delayMs) {
        if (isParked()) {
            owner.purgatory().expireAfter(this, delayMs);
        }
    }

    void failed(RuntimeException failure) {
        unpark();
        fetch.fail(failure);
    }

    @Override
    protected void onChange(int slot) {
        if (abandoned()) {
            unpark();
            return;
        }
        try {
            PartitionData[] data = result.data().clone();
            data[slot] = reader.read(
                    owner,
                    fetch.item(items[slot]),
                    fetch.limits(),
                    Math.max(1, fetch.limits().maxBytes()));
            result = Result.of(data);
            fetch.partChanged(this);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    @Override
    protected void onTimeout() {
        try {
            fetch.timedOut(this);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    @Override
    protected boolean abandoned() {
        return fetch.isAbandoned();
    }

    private boolean isTooLittle() {
        FetchLimits limits = fetch.limits();
        return limits.mayWait() && !result.urgent() && result.sizeBytes() < limits.minBytes();
    }

    private void park() {
        owner.purgatory().park(this);
        for (int slot = 0; slot < items.length; slot++) {
            Partition partition = owner.partition(fetch.item(items[slot]).id());
            watch(partition.watchers(), slot);
        }
    }
}
