package io.odradek.core.partition;

import java.util.List;

/**
 * The in-sync replicas of a partition, as the controller has them on record.
 *
 * @param brokerIds the replicas' broker ids, in the controller's order
 * @param partitionEpoch version of the state node they were read from
 */
public record Isr(List<Integer> brokerIds, int partitionEpoch) {
    /** Copies the list. */
    public Isr {
        brokerIds = List.copyOf(brokerIds);
    }

    /** {@return how many replicas are in sync, the leader included} */
    public int size() {
        return brokerIds.size();
    }

    /** {@return whether a replica is in sync} */
    public boolean contains(int brokerId) {
        return brokerIds.contains(brokerId);
    }
}
