package io.odradek.core.partition;

import io.odradek.core.purgatory.DelayedProduce;
import io.odradek.core.purgatory.OffsetWatches;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a coordinator has appended, until it is on all in-sync replicas. On the owner's loop.
 *
 * @param partition where
 * @param awaitedOffset the offset after the last record
 * @param leaderEpoch the epoch in which it was appended
 * @param told what became of it, once: as {@link LeaderLog#committed}, or REQUEST_TIMED_OUT
 */
public record AwaitedCommit(Partition partition, long awaitedOffset, int leaderEpoch, Consumer<ErrorCode> told)
        implements DelayedProduce.Wait {
    /** Tells what becomes of it, at once if that is known. @param timeoutMs the longest to wait; negative for no limit */
    public void await(PartitionOwner owner, long timeoutMs) {
        ErrorCode outcome = outcome();
        if (outcome == null) {
            DelayedProduce.park(owner.purgatory(), List.of(this), timeoutMs, () -> {});
        } else {
            ended(outcome);
        }
    }

    @Override
    public OffsetWatches watchers() {
        return partition.watches().commits();
    }

    @Override
    public ErrorCode outcome() {
        return LeaderLog.committed(partition, awaitedOffset, leaderEpoch);
    }

    @Override
    public void ended(ErrorCode outcome) {
        told.accept(outcome);
    }
}
