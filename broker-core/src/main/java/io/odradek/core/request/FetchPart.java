package io.odradek.core.request;

import io.odradek.core.fetch.FetchLimits;
import io.odradek.core.fetch.PartitionResults;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.purgatory.DelayedOperation;
import io.odradek.protocol.api.FetchResponse.PartitionData;

/**
 * One owner's part of a fetch: reads its partitions, and watches them if they give too little. While it is parked it
 * compares offsets and reads nothing, unless there is something to tell at once; see {@link PartitionTail}.
 */
final class FetchPart extends Part {
    private final FetchInFlight fetch;
    private final int[] places;
    private final FetchItem[] items;
    private final FetchReader reader;
    private PartitionTail[] tails;
    private boolean touched;
    private volatile PartitionData[] data;
    private volatile boolean reckoned;
    private volatile long foundBytes;
    private volatile boolean urgent;

    /**
     * @param places of its partitions in the fetch
     * @param all the partitions of the fetch
     */
    FetchPart(FetchInFlight fetch, PartitionOwner owner, int[] places, FetchItem[] all, FetchReader reader) {
        super(fetch, owner);
        this.fetch = fetch;
        this.places = places;
        this.items = new FetchItem[places.length];
        for (int i = 0; i < places.length; i++) {
            items[i] = all[places[i]];
        }
        this.reader = reader;
    }

    FetchPart following() {
        return (FetchPart) next;
    }

    int[] places() {
        return places;
    }

    /** {@return what the partitions gave when they were read; from any thread, as are the next three} */
    PartitionData[] data() {
        return data;
    }

    /** {@return how many bytes there are, as read or reckoned} */
    long foundBytes() {
        return foundBytes;
    }

    /** {@return whether there are more bytes than were read} */
    boolean isReckoned() {
        return reckoned;
    }

    /** {@return whether something must be told at once} */
    boolean isUrgent() {
        return urgent;
    }

    /** The first read. Watches in the same task if that was too little, so that no change is missed. */
    @Override
    protected State serve() {
        readAll(true);
        FetchLimits limits = fetch.limits();
        if (!limits.mayWait() || urgent || foundBytes >= limits.minBytes()) {
            return State.DONE;
        }
        Waiting waiting = new Waiting();
        State parked = park(waiting);
        tails = new PartitionTail[items.length];
        for (int slot = 0; slot < items.length; slot++) {
            Partition partition = owner().partition(items[slot].id());
            watch(slot, partition);
            waiting.watch(
                    limits.fromFollower()
                            ? partition.watches().appends()
                            : partition.watches().changes(),
                    slot);
        }
        return parked;
    }

    /** Reads all partitions again, so that the slices are of files that are still there; unless nothing was, and is. */
    @Override
    protected void serveAgain() {
        if (touched || foundBytes > 0 || reader.isThrottling(fetch.limits())) {
            readAll(false);
        }
    }

    private void readAll(boolean first) {
        FetchLimits limits = fetch.limits();
        PartitionData[] all = new PartitionData[items.length];
        long sizeBytes = 0;
        boolean anyUrgent = false;
        for (int i = 0; i < items.length; i++) {
            int leftBytes = (int) Math.max(sizeBytes == 0 ? 1 : 0, limits.maxBytes() - sizeBytes);
            all[i] = reader.read(owner(), items[i], limits, leftBytes, first, first && fetch.isOfSomebody());
            sizeBytes += all[i].records().sizeBytes();
            anyUrgent |= PartitionResults.isUrgent(all[i]);
        }
        data = all;
        reckoned = false;
        foundBytes = sizeBytes;
        urgent = anyUrgent;
    }

    /** Limits the wait, if there is one; consumers who find nothing do little else than let it pass. */
    void expireAbout(long delayMs) {
        ifParked(waiting -> owner().purgatory().expireAbout(waiting, delayMs));
    }

    private void watch(int slot, Partition partition) {
        PartitionData found = data[slot];
        tails[slot] = new PartitionTail(
                partition, fetch.limits(), items[slot].wish(), found.records().sizeBytes());
    }

    private void changed(int slot) {
        PartitionTail tail = tails[slot];
        long before = tail.foundBytes();
        switch (tail.look()) {
            case NOTHING -> {}
            case MORE -> {
                if (reader.isHeldBack(tail.partition(), fetch.limits())) {
                    return;
                }
                reckoned = true;
                foundBytes += tail.foundBytes() - before;
                fetch.partChanged(this);
            }
            case UNKNOWN -> {
                read(slot, tail.partition());
                foundBytes += tails[slot].foundBytes() - before;
                fetch.partChanged(this);
            }
        }
    }

    private void read(int slot, Partition partition) {
        FetchLimits limits = fetch.limits();
        PartitionData[] all = data.clone();
        all[slot] = reader.read(owner(), items[slot], limits, Math.max(1, limits.maxBytes()), false, false);
        data = all;
        urgent |= PartitionResults.isUrgent(all[slot]);
        watch(slot, partition);
    }

    /** The wait for changes of the part's partitions. */
    private final class Waiting extends DelayedOperation {
        @Override
        protected int kind() {
            return FETCH;
        }

        @Override
        protected void onChange(int slot) {
            if (fetch.isSettled()) {
                leave();
                return;
            }
            touched = true;
            try {
                changed(slot);
            } catch (Throwable e) {
                fetch.fail(e);
                fetch.partChanged(FetchPart.this);
            }
        }

        @Override
        protected void onTimeout() {
            fetch.timeIsUp(FetchPart.this);
        }

        @Override
        protected boolean abandoned() {
            return fetch.isSettled();
        }
    }
}
