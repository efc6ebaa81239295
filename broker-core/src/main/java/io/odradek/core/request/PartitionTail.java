package io.odradek.core.request;

import io.odradek.core.fetch.FetchLimits;
import io.odradek.core.fetch.FetchWish;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.ReplicaRole;
import io.odradek.storage.log.Log;

/**
 * How far a fetch that waits has seen a partition, so that it can tell by comparing offsets, without a look into a file or
 * an allocation, whether there is more, and how much: a thousand consumers at the end of one partition look here at every
 * append.
 *
 * <p>The partition counts the bytes that are appended, so what has come since the end was read is a difference; where the
 * reader's end was not the log's, now or then, the bytes between are not known, and the partition has to be read.
 */
final class PartitionTail {
    private final Partition partition;
    private final ReplicaRole role;
    private final Log log;
    private final FetchLimits limits;
    private final FetchWish wish;
    private final long readBytes;
    private final long appendedBytes;
    private final boolean readToLogEnd;
    private long seenEnd;
    private long foundBytes;

    /** What a look has shown. */
    enum News {
        /** Nothing that concerns the reader. */
        NOTHING,
        /** There is more than before. */
        MORE,
        /** It takes a read to know. */
        UNKNOWN
    }

    /** Of a partition that has just been read, with so many bytes found. */
    PartitionTail(Partition partition, FetchLimits limits, FetchWish wish, long readBytes) {
        this.partition = partition;
        this.role = partition.role();
        this.log = partition.log();
        this.limits = limits;
        this.wish = wish;
        this.readBytes = readBytes;
        this.appendedBytes = partition.appendedBytes();
        this.seenEnd = FetchReader.visibleEnd(partition, limits);
        this.readToLogEnd = seenEnd == log.endOffset();
        this.foundBytes = readBytes;
    }

    Partition partition() {
        return partition;
    }

    /** {@return the bytes there are for the reader, at most as many as it wants of this partition} */
    long foundBytes() {
        return foundBytes;
    }

    /** Compares. */
    News look() {
        if (partition.role() != role || partition.log() != log) {
            return News.UNKNOWN;
        }
        if (wish.fetchOffset() < log.startOffset() || wish.fetchOffset() > log.endOffset()) {
            return News.UNKNOWN;
        }
        long end = FetchReader.visibleEnd(partition, limits);
        if (end == seenEnd || end <= wish.fetchOffset()) {
            return News.NOTHING;
        }
        if (!readToLogEnd || end != log.endOffset()) {
            return News.UNKNOWN;
        }
        seenEnd = end;
        long grown = readBytes + partition.appendedBytes() - appendedBytes;
        foundBytes = Math.max(readBytes, Math.min(grown, wish.maxBytes()));
        return News.MORE;
    }
}
