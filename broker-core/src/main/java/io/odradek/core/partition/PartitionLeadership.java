package io.odradek.core.partition;

/** Told when this broker starts and stops leading a partition of an internal topic; called on the partition owner's loop. */
public interface PartitionLeadership {
    /**
     * This broker leads the partition now.
     *
     * @param partition the partition's index in the internal topic
     * @param loop the owner's loop, on which the shard lives
     * @param log the partition
     */
    void elected(int partition, OwnerLoop loop, PartitionLog log);

    /** This broker leads the partition no longer; its state is dropped. */
    void resigned(int partition);
}
