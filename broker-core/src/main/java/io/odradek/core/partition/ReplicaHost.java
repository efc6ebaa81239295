package io.odradek.core.partition;

import java.io.IOException;

/** The broker as its replicas see it. All calls are made on the loop of the replica's owner. */
interface ReplicaHost {
    /** {@code replica.lag.time.max.ms} where nobody says otherwise. */
    long DEFAULT_MAX_LAG_MS = 30_000;

    /**
     * An operation on a log failed.
     *
     * @param partition whose log it is; out of service by now, unless its disk is only full
     * @param cause names the file and what was done with it
     */
    void failed(Partition partition, IOException cause);

    /** A replica has another role than before. */
    default void roleChanged(Partition partition, ReplicaRole before) {}

    /** A leader asks for another set of in-sync replicas. {@link LeaderDuties#isrAnswered} is called with what became of it. */
    default void isrProposed(Partition partition, IsrProposal proposal) {}

    /** {@return whether a broker is alive, without which it may not become in-sync} */
    default boolean isAlive(int brokerId) {
        return true;
    }

    /** {@return the monotonic milliseconds} */
    default long nowMs() {
        return 0;
    }

    /** {@return how long a follower may lag before it is out of sync ({@code replica.lag.time.max.ms})} */
    default long maxLagMs() {
        return DEFAULT_MAX_LAG_MS;
    }
}
