package io.odradek.core.fetch;

import io.odradek.protocol.api.FetchResponse.AbortedTransaction;
import io.odradek.protocol.api.FetchResponse.EpochEndOffset;
import io.odradek.protocol.api.FetchResponse.LeaderIdAndEpoch;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.api.FetchResponse.SnapshotId;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Payload;
import java.util.List;

/** Makes the results of a fetch. */
public final class PartitionResults {
    /** The value of an offset that is not known. */
    public static final long NO_OFFSET = -1;

    private static final EpochEndOffset NO_DIVERGENCE = new EpochEndOffset(-1, -1);
    private static final LeaderIdAndEpoch NO_LEADER = new LeaderIdAndEpoch(-1, -1);
    private static final SnapshotId NO_SNAPSHOT = new SnapshotId(-1, -1);
    private static final int NO_PREFERRED_REPLICA = -1;

    private PartitionResults() {}

    /**
     * Where a partition's log begins and ends for readers.
     *
     * @param highWatermark the high watermark
     * @param lastStable the last stable offset
     * @param logStart the first offset that can be read
     */
    public record Offsets(long highWatermark, long lastStable, long logStart) {
        /** Of a partition that cannot be looked at. */
        public static final Offsets UNKNOWN = new Offsets(NO_OFFSET, NO_OFFSET, NO_OFFSET);
    }

    /**
     * {@return records, or none}
     *
     * @param aborted the transactions that a read_committed consumer must skip in them; null for other readers
     */
    public static PartitionData records(
            int partition, Offsets offsets, List<AbortedTransaction> aborted, Payload records) {
        return make(partition, ErrorCode.NONE, offsets, NO_DIVERGENCE, aborted, records);
    }

    /** {@return the news that the reader's log left the leader's} */
    public static PartitionData divergence(int partition, Offsets offsets, int epoch, long endOffset) {
        return make(partition, ErrorCode.NONE, offsets, new EpochEndOffset(epoch, endOffset), null, BytesPayload.EMPTY);
    }

    /** {@return an error} */
    public static PartitionData error(int partition, ErrorCode error, Offsets offsets) {
        return make(partition, error, offsets, NO_DIVERGENCE, null, BytesPayload.EMPTY);
    }

    /** {@return the same with other records} */
    public static PartitionData with(PartitionData data, Payload records) {
        return new PartitionData(
                data.partitionIndex(),
                data.errorCode(),
                data.highWatermark(),
                data.lastStableOffset(),
                data.logStartOffset(),
                data.divergingEpoch(),
                data.currentLeader(),
                data.snapshotId(),
                data.abortedTransactions(),
                data.preferredReadReplica(),
                records);
    }

    /** {@return the same error with who leads the partition} */
    public static PartitionData with(PartitionData data, int leader, int leaderEpoch) {
        return new PartitionData(
                data.partitionIndex(),
                data.errorCode(),
                data.highWatermark(),
                data.lastStableOffset(),
                data.logStartOffset(),
                data.divergingEpoch(),
                new LeaderIdAndEpoch(leader, leaderEpoch),
                data.snapshotId(),
                data.abortedTransactions(),
                data.preferredReadReplica(),
                data.records());
    }

    /** {@return whether the client should hear of this at once, however little there is to read} */
    public static boolean isUrgent(PartitionData data) {
        return data.errorCode() != ErrorCode.NONE || data.divergingEpoch() != NO_DIVERGENCE;
    }

    private static PartitionData make(
            int partition,
            ErrorCode error,
            Offsets offsets,
            EpochEndOffset divergence,
            List<AbortedTransaction> aborted,
            Payload records) {
        return new PartitionData(
                partition,
                error,
                offsets.highWatermark(),
                offsets.lastStable(),
                offsets.logStart(),
                divergence,
                NO_LEADER,
                NO_SNAPSHOT,
                aborted,
                NO_PREFERRED_REPLICA,
                records);
    }
}
