package io.odradek.core.partition;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.env.Meters;
import java.util.List;

/**
 * The owners of a broker ({@code num.io.threads}). A partition belongs to the owner that its name gives, for life: the
 * partitions of a topic go to owners in turn, from a start that depends on the topic's name. Immutable, for any thread.
 */
public final class PartitionOwners {
    private final PartitionOwner[] owners;

    /** Owners of whom nothing is counted. */
    public PartitionOwners(List<? extends OwnerLoop> loops) {
        this(loops, Meters.NONE);
    }

    /**
     * @param loops one loop for each owner
     * @param meters count what they park, and what happens to topics
     */
    public PartitionOwners(List<? extends OwnerLoop> loops, Meters meters) {
        owners = new PartitionOwner[loops.size()];
        TopicCounting counting = meters.kept() ? new TopicCounting(meters) : null;
        for (int i = 0; i < owners.length; i++) {
            owners[i] = new PartitionOwner(i, loops.get(i), meters, counting);
        }
        if (counting != null) {
            counting.show(owners);
        }
    }

    /** {@return how many owners there are} */
    public int count() {
        return owners.length;
    }

    /** {@return the owner with this number} */
    public PartitionOwner owner(int index) {
        return owners[index];
    }

    /** {@return the owner of a partition} */
    public PartitionOwner ownerOf(TopicPartition id) {
        return owners[indexOf(id)];
    }

    /** {@return the number of a partition's owner} */
    public int indexOf(TopicPartition id) {
        int hash = id.topic().hashCode() * 0x9E3779B9;
        return Math.floorMod((hash >>> 16) + id.partition(), owners.length);
    }
}
