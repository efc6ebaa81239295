package io.odradek.core.fetch;

import io.odradek.core.memory.MemoryShare;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fetch session (KIP-227): the partitions that a client fetches again and again, kept here so that requests and responses
 * carry changes only. One request at a time uses it: {@link #begin} takes it for the request with the right epoch, and
 * {@link #end} opens it for the next; what lies between happens on different threads, one after the other.
 *
 * <p>Partitions that gave records go to the end of the order, so that those which a full response left out come first next
 * time.
 */
final class FetchSession {
    /** How a session is held while a request uses it. */
    private static final int IN_USE = Integer.MIN_VALUE;

    private static final int FIRST_INCREMENTAL_EPOCH = 1;

    /** Heap for a partition: its entry here, and what a fetch of it needs beside that while it waits. */
    private static final long PARTITION_BYTES = 320;

    private final int id;
    private final boolean privileged;
    private final boolean usesTopicIds;
    private final long createdMs;
    private final Map<FetchTarget, CachedPartition> partitions = new LinkedHashMap<>();
    private final AtomicInteger expectedEpoch = new AtomicInteger(IN_USE);
    private volatile long lastUsedMs;
    private volatile int size;
    private final MemoryShare memory;
    private int epochInUse;
    private long takenBytes;
    private volatile boolean closed;
    private volatile Runnable whenClosed;

    /** A session that the request creating it still uses. @param memory what its partitions are charged to */
    FetchSession(int id, boolean privileged, boolean usesTopicIds, long nowMs, MemoryShare memory) {
        this.memory = memory;
        this.id = id;
        this.privileged = privileged;
        this.usesTopicIds = usesTopicIds;
        this.createdMs = nowMs;
        this.lastUsedMs = nowMs;
        this.epochInUse = FIRST_INCREMENTAL_EPOCH - 1;
    }

    int id() {
        return id;
    }

    /** {@return whether it belongs to a follower} */
    boolean privileged() {
        return privileged;
    }

    boolean usesTopicIds() {
        return usesTopicIds;
    }

    long createdMs() {
        return createdMs;
    }

    long lastUsedMs() {
        return lastUsedMs;
    }

    /** {@return how many partitions it has; for any thread} */
    int size() {
        return size;
    }

    /** Takes the session for a request. {@return false if the epoch is not the next one, or another request has it} */
    boolean begin(int epoch, long nowMs) {
        if (!expectedEpoch.compareAndSet(epoch, IN_USE)) {
            return false;
        }
        epochInUse = epoch;
        lastUsedMs = nowMs;
        return true;
    }

    /** The request's response is made: the next epoch may come. */
    void end() {
        if (whenClosed != null) {
            whenClosed = null;
        }
        size = partitions.size();
        expectedEpoch.set(epochInUse == Integer.MAX_VALUE ? 1 : epochInUse + 1);
    }

    /** The request was refused before it changed anything: its epoch may come again. */
    void refuse() {
        expectedEpoch.set(epochInUse);
    }

    /** {@return heap for partitions in a session} */
    static long bytesOf(List<FetchWish> wishes) {
        long bytes = 0;
        for (FetchWish wish : wishes) {
            bytes += bytesOf(wish.target());
        }
        return bytes;
    }

    private static long bytesOf(FetchTarget target) {
        return PARTITION_BYTES + target.topic().length();
    }

    /** Takes memory for partitions. {@return whether it was left, and the session has not been closed} */
    synchronized boolean take(long bytes) {
        if (closed || !memory.tryTake(bytes)) {
            return false;
        }
        takenBytes += bytes;
        return true;
    }

    private synchronized void giveBack(long bytes) {
        if (!closed) {
            takenBytes -= bytes;
            memory.giveBack(bytes);
        }
    }

    /** No request will find it any more: gives its memory back, once; a request that still uses it may end, and is told. */
    void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            memory.giveBack(takenBytes);
        }
        Runnable task = whenClosed;
        if (task != null) {
            task.run();
        }
    }

    /** Has the request that uses it told when it is closed, or that it has been; both may happen. */
    void whenClosed(Runnable task) {
        whenClosed = task;
        if (closed) {
            task.run();
        }
    }

    /** Adds partitions, or changes what is wanted of them. {@return false, and nothing done, if there is no memory for it} */
    boolean update(List<FetchWish> wishes) {
        long bytes = 0;
        for (FetchWish wish : wishes) {
            bytes += partitions.containsKey(wish.target()) ? 0 : bytesOf(wish.target());
        }
        if (bytes > 0 && !take(bytes)) {
            return false;
        }
        put(wishes);
        return true;
    }

    /** Adds partitions, for which memory has been taken, or changes what is wanted of them. */
    void put(List<FetchWish> wishes) {
        for (FetchWish wish : wishes) {
            CachedPartition known = partitions.get(wish.target());
            if (known == null) {
                partitions.put(wish.target(), new CachedPartition(wish));
            } else {
                known.wish(wish);
            }
        }
    }

    /** Takes a partition out. */
    void forget(FetchTarget target) {
        if (partitions.remove(target) != null) {
            giveBack(bytesOf(target));
        }
    }

    /** {@return what is wanted of all its partitions, in order} */
    List<FetchWish> wishes() {
        List<FetchWish> wishes = new ArrayList<>(partitions.size());
        for (CachedPartition partition : partitions.values()) {
            wishes.add(partition.wish());
        }
        return wishes;
    }

    /** Remembers what a full response tells. */
    void tellAll(List<FetchWish> wishes, List<PartitionData> results) {
        for (int i = 0; i < results.size(); i++) {
            partitions.get(wishes.get(i).target()).mustTell(results.get(i));
        }
    }

    /** Makes the response of an incremental fetch: what changed. */
    FetchResponse tellChanges(List<FetchWish> wishes, List<PartitionData> results) {
        FetchResponses responses = new FetchResponses();
        for (int i = 0; i < results.size(); i++) {
            PartitionData data = results.get(i);
            FetchTarget target = wishes.get(i).target();
            CachedPartition partition = partitions.get(target);
            if (partition.mustTell(data)) {
                responses.add(target, data);
                if (data.records() != null && data.records().sizeBytes() > 0) {
                    partitions.remove(target);
                    partitions.put(target, partition);
                }
            }
        }
        return responses.build(id);
    }
}
