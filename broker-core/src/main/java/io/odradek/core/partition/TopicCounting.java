package io.odradek.core.partition;

import io.odradek.core.purgatory.DelayedOperation;
import io.odradek.storage.env.Meters;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The meters of the topics that have partitions on this broker, as long as they have any. For any thread. */
public final class TopicCounting {
    private final Meters meters;
    private final Map<String, TopicMeters> byTopic = new ConcurrentHashMap<>();

    TopicCounting(Meters meters) {
        this.meters = meters;
    }

    /** Shows how many requests wait with owners: {@code purgatory.size}, by kind. */
    void show(PartitionOwner[] owners) {
        show("PRODUCE", DelayedOperation.PRODUCE, owners);
        show("FETCH", DelayedOperation.FETCH, owners);
        show("DELETE_RECORDS", DelayedOperation.DELETE_RECORDS, owners);
    }

    private void show(String name, int kind, PartitionOwner[] owners) {
        meters.gauge(
                "purgatory.size",
                () -> {
                    long size = 0;
                    for (PartitionOwner owner : owners) {
                        size += owner.purgatory().size(kind);
                    }
                    return size;
                },
                "kind",
                name);
    }

    /** Counts and shows a partition that has come. */
    void begin(Partition partition) {
        TopicMeters ofTopic = byTopic.compute(partition.id().topic(), (name, found) -> {
            TopicMeters counting = found == null ? new TopicMeters(meters, name) : found;
            counting.users++;
            return counting;
        });
        partition.countWith(ofTopic, new PartitionMeters(meters, partition));
    }

    /** A partition has gone. */
    void end(Partition partition) {
        partition.hide();
        byTopic.computeIfPresent(partition.id().topic(), (name, found) -> {
            if (--found.users > 0) {
                return found;
            }
            found.close();
            return null;
        });
    }

    /** {@return the meters of a topic, which count nothing if it has no partition here (any more)} */
    public TopicMeters of(String topic) {
        return byTopic.getOrDefault(topic, TopicMeters.NONE);
    }
}
