package io.odradek.core.partition;

import io.odradek.storage.env.Clock;
import java.util.concurrent.Executor;

/**
 * Passes the leadership of an internal topic's partitions on to its coordinator. Each call is a task of its own, because
 * leadership may be lost in the middle of a coordinator's append.
 */
final class InternalTopicListener implements LeadershipListener {
    private final PartitionLeadership coordinator;
    private final PartitionOwner owner;
    private final Executor logIo;
    private final Clock clock;

    /** {@return one for a partition} */
    static LeadershipListener of(PartitionLeadership coordinator, PartitionOwner owner, Executor logIo, Clock clock) {
        return new InternalTopicListener(coordinator, owner, logIo, clock);
    }

    private InternalTopicListener(PartitionLeadership coordinator, PartitionOwner owner, Executor logIo, Clock clock) {
        this.coordinator = coordinator;
        this.owner = owner;
        this.logIo = logIo;
        this.clock = clock;
    }

    @Override
    public void elected(Partition partition) {
        CoordinatorLog log = new CoordinatorLog(partition, partition.role().leaderEpoch(), owner, logIo, clock);
        owner.loop().post(() -> coordinator.elected(partition.id().partition(), owner.loop(), log));
    }

    @Override
    public void resigned(Partition partition) {
        owner.loop().post(() -> coordinator.resigned(partition.id().partition()));
    }
}
