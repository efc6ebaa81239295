package io.odradek.core.partition;

import io.odradek.core.partition.ReplicaRole.Leading;
import io.odradek.core.partition.ReplicaRole.Offline;
import io.odradek.core.partition.ReplicaRole.Reason;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.log.AppendOrigin;
import io.odradek.storage.log.AppendResult;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.Log.EpochEndOffset;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What a leader does with its log for those who write: it appends, says what became of what it appended, and knows where
 * epochs end. A follower's side is {@link FollowerLog}. On the owner's loop.
 */
public final class LeaderLog {
    private LeaderLog() {}

    /**
     * Appends validated batches of a client as the leader, and moves the high watermark if it may.
     *
     * @param batches whole batches between position and limit; offsets and epoch are set in place
     * @param acks that of the producer: with -1 enough replicas must be in sync
     * @param nowMs the wall clock
     * @throws ApiException as {@link Partition#requireLeader}, NOT_ENOUGH_REPLICAS, RECORD_LIST_TOO_LARGE, and what {@link Log#append}
     *     refuses; nothing is stored
     */
    public static AppendResult append(Partition partition, ByteBuffer batches, short acks, long nowMs) {
        return append(partition, batches, acks, nowMs, AppendOrigin.CLIENT);
    }

    /**
     * As {@link #append(Partition, ByteBuffer, short, long)}, for batches of a client or of a coordinator, which may write
     * transaction markers.
     */
    public static AppendResult append(
            Partition partition, ByteBuffer batches, short acks, long nowMs, AppendOrigin origin) {
        Leading leading = partition.requireLeader(-1);
        if (origin == AppendOrigin.COORDINATOR) {
            partition.meters().writes();
        }
        if (acks == -1) {
            requireEnoughInSync(partition, leading);
        }
        Log log = partition.log();
        int sizeBytes = batches.remaining();
        int segmentBytes = log.config().segmentBytes();
        if (sizeBytes > segmentBytes) {
            throw new ApiException(
                    ErrorCode.RECORD_LIST_TOO_LARGE,
                    sizeBytes + " bytes do not fit into a segment of " + partition.id() + ", which has "
                            + segmentBytes);
        }
        try {
            AppendResult result = log.append(batches, leading.leaderEpoch(), nowMs, origin);
            if (origin == AppendOrigin.COORDINATOR) {
                partition.appendOrder().coordinated(batches);
            }
            partition.meters().appended(sizeBytes, result.lastOffset() - result.firstOffset() + 1);
            partition.grown(result.duplicate() ? 0 : sizeBytes);
            if (!leading.followers().isEmpty()) {
                partition.watches().appended();
            }
            partition.advanceHighWatermark();
            return result;
        } catch (IOException e) {
            throw partition.failed(e);
        }
    }

    private static void requireEnoughInSync(Partition partition, Leading leading) {
        int minInsyncReplicas = partition.log().config().minInsyncReplicas();
        if (!leading.hasEnoughInSync(minInsyncReplicas)) {
            throw new ApiException(
                    ErrorCode.NOT_ENOUGH_REPLICAS,
                    "Partition " + partition.id() + " has " + leading.isr().size() + " of "
                            + leading.replicaCount()
                            + " replicas in sync; min.insync.replicas is "
                            + minInsyncReplicas);
        }
    }

    /**
     * What became of records up to an offset that were appended with acks=all.
     *
     * @param endOffset the offset after the last of them
     * @param leaderEpoch the epoch in which they were appended; this broker may lead on in a later one, with the same log
     * @return NONE when they are on all in-sync replicas; null while they are not; else the error to answer
     */
    public static ErrorCode committed(Partition partition, long endOffset, int leaderEpoch) {
        if (partition.role() instanceof Leading leading && leading.sinceEpoch() <= leaderEpoch) {
            if (partition.highWatermark() < endOffset) {
                return null;
            }
            return leading.hasEnoughInSync(partition.log().config().minInsyncReplicas())
                    ? ErrorCode.NONE
                    : ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
        }
        return outcomeAfterLeading(partition);
    }

    /**
     * What became of records that were appended with acks=1.
     *
     * @param awaitedOffset the {@link Log#awaitedForceOffset} after they were appended
     * @param leaderEpoch the epoch in which they were appended
     * @return NONE when nothing has to be forced any more; null while it does; else the error to answer
     */
    public static ErrorCode forced(Partition partition, long awaitedOffset, int leaderEpoch) {
        if (partition.role() instanceof Leading leading && leading.sinceEpoch() <= leaderEpoch) {
            return partition.log().recoveryPoint() >= awaitedOffset ? ErrorCode.NONE : null;
        }
        return outcomeAfterLeading(partition);
    }

    private static ErrorCode outcomeAfterLeading(Partition partition) {
        return partition.role() instanceof Offline offline && offline.reason() == Reason.STORAGE_FAILURE
                ? ErrorCode.KAFKA_STORAGE_ERROR
                : ErrorCode.NOT_LEADER_OR_FOLLOWER;
    }

    /**
     * {@return where a leader epoch ends, as {@link Log#endOffsetOfEpoch}} A leader knows its own epoch before it has appended
     * anything in it: it begins where the log ended at its election.
     */
    public static EpochEndOffset endOffsetOfEpoch(Partition partition, int leaderEpoch) {
        Log log = partition.log();
        if (partition.role() instanceof Leading leading && log.latestEpoch() < leading.leaderEpoch()) {
            if (leaderEpoch == leading.leaderEpoch()) {
                return new EpochEndOffset(leaderEpoch, log.endOffset());
            }
            if (leaderEpoch >= 0 && leaderEpoch < leading.leaderEpoch() && leaderEpoch >= log.latestEpoch()) {
                int known = log.latestEpoch() >= 0 ? log.latestEpoch() : leaderEpoch;
                return new EpochEndOffset(known, leading.epochStartOffset());
            }
        }
        return log.endOffsetOfEpoch(leaderEpoch);
    }
}
