package io.odradek.core.partition;

import io.odradek.core.partition.ReplicaRole.Leading;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;

/** The deletion of a partition's oldest records by its leader, which its followers take over (KIP-107). On the owner's loop. */
public final class RecordDeletion {
    private static final long TO_HIGH_WATERMARK = -1;

    private RecordDeletion() {}

    /**
     * Lets a partition begin at an offset, if it begins before it: what lies below cannot be read any more.
     *
     * @param offset at most the high watermark, for which -1 stands
     * @throws ApiException as {@link Partition#requireLeader}; POLICY_VIOLATION where {@code cleanup.policy} has no delete;
     *     OFFSET_OUT_OF_RANGE
     */
    public static void before(Partition partition, long offset) {
        partition.requireLeader(-1);
        if (!partition.log().config().delete()) {
            throw new ApiException(
                    ErrorCode.POLICY_VIOLATION,
                    "The cleanup.policy of " + partition.id() + " does not allow deletion of records");
        }
        long highWatermark = partition.highWatermark();
        long start = offset == TO_HIGH_WATERMARK ? highWatermark : offset;
        if (start < 0 || start > highWatermark) {
            throw new ApiException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "Partition " + partition.id() + " cannot begin at " + offset + ": its high watermark is "
                            + highWatermark);
        }
        partition.log().advanceStartTo(start);
    }

    /**
     * {@return the low watermark: the smallest offset at which the log of the leader or of a follower that is alive begins}
     * Beyond it no such replica has deleted; -1 while one of them has not told.
     *
     * @throws ApiException as {@link Partition#requireLeader}
     */
    public static long lowWatermark(Partition partition) {
        Leading leading = partition.requireLeader(-1);
        long lowest = partition.log().startOffset();
        for (Replica follower : leading.followers().values()) {
            if (follower.startOffset() < lowest && partition.host().isAlive(follower.brokerId())) {
                lowest = follower.startOffset();
            }
        }
        return lowest;
    }
}
