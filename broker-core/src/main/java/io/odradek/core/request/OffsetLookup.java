package io.odradek.core.request;

import io.odradek.core.partition.Partition;
import io.odradek.core.partition.ReplicaRole.Leading;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsPartition;
import io.odradek.protocol.api.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.log.Log.TimestampAndOffset;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What the timestamps of a ListOffsets request mean; in version 0, {@link SegmentOffsets} says so.
 *
 * <ul>
 *   <li>-1: the end that the reader sees: the high watermark, the last stable offset with read_committed, the log's end for
 *       a follower
 *   <li>-2: the log's start
 *   <li>-3, from version 7 on: the record with the largest timestamp (KIP-734)
 *   <li>-4, from version 8 on: the start of what is stored on this broker, which is the log's start (KIP-405)
 *   <li>-5, from version 9 on: the end of tiered storage, which there is none of: -1 (KIP-1005)
 *   <li>from 0 on: the first record that is not older
 * </ul>
 *
 * @param version that of the request
 * @param replicaId the follower's broker id, -1 for a consumer
 * @param isolationLevel 1 for read_committed
 * @param nowMs the wall clock
 */
record OffsetLookup(short version, int replicaId, byte isolationLevel, long nowMs) {
    static final long LATEST = -1;
    static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;

    private static final long UNKNOWN = -1;
    private static final int CONSUMER = -1;
    private static final int NO_EPOCH = -1;
    private static final TimestampAndOffset NOT_FOUND = new TimestampAndOffset(UNKNOWN, UNKNOWN, NO_EPOCH);

    /** Refuses a timestamp that the version does not know, of whichever partition. */
    void requireKnown(long timestamp) {
        if (timestamp < firstSpecialTimestamp()) {
            throw new ApiException(
                    ErrorCode.UNSUPPORTED_VERSION,
                    "ListOffsets " + version + " does not know the timestamp " + timestamp);
        }
    }

    /** {@return the answer for one partition}; called on its owner's loop */
    ListOffsetsPartitionResponse find(Partition partition, ListOffsetsPartition asked) {
        Leading leading = partition.requireLeader(asked.currentLeaderEpoch());
        if (version == 0) {
            List<Long> offsets = SegmentOffsets.before(
                    partition, replicaId == CONSUMER, asked.timestamp(), asked.maxNumOffsets(), nowMs);
            return new ListOffsetsPartitionResponse(
                    asked.partitionIndex(), ErrorCode.NONE, offsets, UNKNOWN, UNKNOWN, NO_EPOCH);
        }
        TimestampAndOffset found = find(partition, leading, asked.timestamp());
        return new ListOffsetsPartitionResponse(
                asked.partitionIndex(),
                ErrorCode.NONE,
                List.of(),
                found.timestampMs(),
                found.offset(),
                found.leaderEpoch());
    }

    static ListOffsetsPartitionResponse error(int partition, ErrorCode error) {
        return new ListOffsetsPartitionResponse(partition, error, List.of(), UNKNOWN, UNKNOWN, NO_EPOCH);
    }

    private long firstSpecialTimestamp() {
        if (version >= 9) {
            return LATEST_TIERED;
        }
        if (version >= 8) {
            return EARLIEST_LOCAL;
        }
        return version >= 7 ? MAX_TIMESTAMP : EARLIEST;
    }

    private TimestampAndOffset find(Partition partition, Leading leading, long timestamp) {
        if (timestamp == EARLIEST || timestamp == EARLIEST_LOCAL) {
            long start = partition.log().startOffset();
            return new TimestampAndOffset(UNKNOWN, start, partition.log().epochOf(start));
        }
        if (timestamp == LATEST_TIERED) {
            return NOT_FOUND;
        }
        long end = visibleEnd(partition);
        boolean endIsKnown = replicaId != CONSUMER || partition.highWatermark() >= leading.epochStartOffset();
        if (timestamp == LATEST) {
            if (!endIsKnown) {
                throw notAvailable(partition);
            }
            return new TimestampAndOffset(UNKNOWN, end, leading.leaderEpoch());
        }
        Optional<TimestampAndOffset> found = find(partition, timestamp, end);
        if (found.isEmpty() && !endIsKnown) {
            throw notAvailable(partition);
        }
        return found.orElse(NOT_FOUND);
    }

    private static Optional<TimestampAndOffset> find(Partition partition, long timestamp, long end) {
        try {
            return timestamp == MAX_TIMESTAMP
                    ? partition.log().findMaxTimestamp(end)
                    : partition.log().findByTimestamp(timestamp, end);
        } catch (IOException e) {
            throw partition.failed(e);
        }
    }

    /** A new leader may not know yet how far the records go that the former one has acknowledged. */
    private ApiException notAvailable(Partition partition) {
        return new ApiException(
                version >= 5 ? ErrorCode.OFFSET_NOT_AVAILABLE : ErrorCode.LEADER_NOT_AVAILABLE,
                "The high watermark of " + partition.id() + " has not reached the leader's epoch");
    }

    private long visibleEnd(Partition partition) {
        if (replicaId != CONSUMER) {
            return partition.log().endOffset();
        }
        return isolationLevel == 1 ? partition.lastStableOffset() : partition.highWatermark();
    }
}
