package io.odradek.core.partition;

import io.odradek.storage.log.Log;

/** Replicas for tests of other rooms. */
public final class TestReplicas {
    private TestReplicas() {}

    /** {@return a replica that leads as the state says, installed with its owner} */
    public static Partition lead(
            PartitionOwner owner, Log log, long highWatermark, LocalReplicas.PartitionState state) {
        Partition partition = new Partition(
                state.id(),
                state.topicId(),
                log,
                highWatermark,
                RecordLimits.DEFAULTS,
                LeadershipListener.NONE,
                (failed, cause) -> {});
        partition.lead(state, state.leader());
        owner.install(partition);
        return partition;
    }

    /** A follower fetches from an offset: it has everything before. */
    public static void fetched(Partition partition, int brokerId, long offset) {
        partition.followerFetched(new FollowerFetch(brokerId, -1, offset, 0));
    }
}
