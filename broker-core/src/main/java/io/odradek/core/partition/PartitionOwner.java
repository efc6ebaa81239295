package io.odradek.core.partition;

import io.odradek.core.purgatory.Purgatory;
import io.odradek.protocol.TopicPartition;
import io.odradek.storage.env.Meters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The only writer of the partitions that were given to it for life: their logs, producer state, ISR, high watermark and
 * the requests parked on them. All of it is touched by tasks of {@link #loop} only, so nothing here is locked. The inbox
 * is the loop's; it is bounded by the number of requests in flight, which the transport limits.
 */
public final class PartitionOwner {
    private final int index;
    private final OwnerLoop loop;
    private final Purgatory purgatory;
    private final Map<TopicPartition, Partition> partitions = new HashMap<>();
    private final Set<TopicPartition> unserved = new HashSet<>();
    private final TopicCounting counting;

    /**
     * @param index its number, from 0
     * @param loop where its tasks run
     * @param meters count in its purgatory
     */
    public PartitionOwner(int index, OwnerLoop loop, Meters meters) {
        this(index, loop, meters, null);
    }

    /** @param counting counts by topic; or null */
    PartitionOwner(int index, OwnerLoop loop, Meters meters, TopicCounting counting) {
        this.counting = counting;
        this.index = index;
        this.loop = loop;
        this.purgatory = new Purgatory(loop, meters);
    }

    /** {@return its number, from 0} */
    public int index() {
        return index;
    }

    /** {@return what counts by topic, null if nothing does; for any thread} */
    public TopicCounting counting() {
        return counting;
    }

    /** {@return where its tasks run; with {@link #counting} the only thing here that other threads may use} */
    public OwnerLoop loop() {
        return loop;
    }

    /** {@return the requests that wait for its partitions} */
    public Purgatory purgatory() {
        return purgatory;
    }

    /** {@return the replica of a partition, null if this broker has none} */
    public Partition partition(TopicPartition id) {
        return partitions.get(id);
    }

    /** {@return its partitions, sorted by name} */
    public List<Partition> partitions() {
        List<Partition> sorted = new ArrayList<>(partitions.values());
        Collections.sort(sorted, (a, b) -> a.id().compareTo(b.id()));
        return sorted;
    }

    /** {@return whether this broker has a replica whose log cannot be opened} */
    public boolean cannotOpen(TopicPartition id) {
        return unserved.contains(id);
    }

    void install(Partition partition) {
        if (counting != null) {
            counting.begin(partition);
        }
        partitions.put(partition.id(), partition);
        unserved.remove(partition.id());
    }

    void markUnopened(TopicPartition id) {
        unserved.add(id);
    }

    void remove(TopicPartition id) {
        Partition removed = partitions.remove(id);
        if (removed != null && counting != null) {
            counting.end(removed);
        }
        unserved.remove(id);
    }
}
