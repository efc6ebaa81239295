package io.odradek.core.partition;

import io.odradek.core.purgatory.DelayedOperation;
import io.odradek.protocol.TopicPartition;
import io.odradek.storage.env.Meters;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The meters of the topics that have partitions on this broker, as long as they have any; and of those that it leads, which
 * replicas come and go ({@code partitions.reassigning} is how many partitions have such). For any thread.
 */
public final class TopicCounting {
    private final Meters meters;
    private final Map<String, TopicMeters> byTopic = new ConcurrentHashMap<>();
    private final Map<TopicPartition, LocalReplicas.Move> moves = new ConcurrentHashMap<>();
    private volatile int movesChanged;

    TopicCounting(Meters meters) {
        this.meters = meters;
    }

    /** Shows how many requests wait with owners: {@code purgatory.size}, by kind. */
    void show(PartitionOwner[] owners) {
        meters.gauge("partitions.reassigning", moves::size);
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
        partition.countWith(ofTopic, new PartitionMeters(meters, partition, this));
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

    /** Says what comes and goes of the replicas of a partition; null for nothing, or if this broker does not lead it. */
    void moves(TopicPartition id, LocalReplicas.Move move) {
        LocalReplicas.Move before = move == null ? moves.remove(id) : moves.put(id, move);
        if (!Objects.equals(before, move)) {
            movesChanged = movesChanged + 1;
        }
    }

    /** {@return whether this broker leads a partition of which another one gets a replica only now} */
    public boolean comes(TopicPartition id, int brokerId) {
        LocalReplicas.Move move = moves.isEmpty() ? null : moves.get(id);
        return move != null && move.adding().contains(brokerId);
    }

    /** {@return how many replicas a partition gets only now, if this broker leads it} */
    public int coming(TopicPartition id) {
        LocalReplicas.Move move = moves.get(id);
        return move == null ? 0 : move.adding().size();
    }

    /** {@return another number whenever {@link #coming} may be another} */
    public int movesChanged() {
        return movesChanged;
    }

    /** {@return the meters of a topic, which count nothing if it has no partition here (any more)} */
    public TopicMeters of(String topic) {
        return byTopic.getOrDefault(topic, TopicMeters.NONE);
    }
}
