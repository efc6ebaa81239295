package io.odradek.core.partition;

import io.odradek.core.partition.ReplicaRole.Leading;
import io.odradek.storage.env.Meters;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What is shown of a partition on this broker, reckoned when somebody looks: {@code partition.replicas}, how many it has, without
 * those that come only now, and {@code partition.in.sync}, how many of them are in sync; whether it is {@code partition.under.replicated}, {@code
 * partition.under.min.isr} or {@code partition.at.min.isr} (1 or 0); and {@code partition.stable.lag}, by how many offsets open
 * transactions hold up those who read what is committed. As with Kafka, a broker tells of what it leads; of the others it shows
 * zeros.
 */
final class PartitionMeters {
    private final Partition partition;
    private final TopicCounting counting;
    private final List<Meters.Gauge> gauges;
    /** Written by the owner, read by who looks, as it was a moment ago. */
    private long stableLag;

    /** @param counting is told of those that this broker leads and whose replicas come and go */
    PartitionMeters(Meters meters, Partition partition, TopicCounting counting) {
        this.partition = partition;
        this.counting = counting;
        String[] tags = {
            "topic",
            partition.id().topic(),
            "partition",
            Integer.toString(partition.id().partition())
        };
        gauges = List.of(
                meters.gauge("partition.replicas", () -> ofLeader(this::replicaCount), tags),
                meters.gauge(
                        "partition.in.sync", () -> ofLeader(role -> role.isr().size()), tags),
                meters.gauge("partition.under.replicated", () -> ofLeader(this::underReplicated), tags),
                meters.gauge("partition.under.min.isr", () -> ofLeader(role -> spare(role) < 0 ? 1 : 0), tags),
                meters.gauge("partition.at.min.isr", () -> ofLeader(role -> spare(role) == 0 ? 1 : 0), tags),
                meters.gauge("partition.stable.lag", () -> stableLag, tags));
    }

    private long ofLeader(ToLongFunction<Leading> value) {
        return partition.role() instanceof Leading leading ? value.applyAsLong(leading) : 0;
    }

    private long replicaCount(Leading role) {
        LocalReplicas.Move move = partition.move();
        return role.replicaCount() - (move == null ? 0 : move.adding().size());
    }

    private long underReplicated(Leading role) {
        return role.isr().size() < replicaCount(role) ? 1 : 0;
    }

    /** {@return how many replicas in sync it could do without} */
    private int spare(Leading role) {
        int least = Math.min(partition.log().config().minInsyncReplicas(), role.replicaCount());
        return role.isr().size() - least;
    }

    /** The role is another, or replicas come and go. */
    void roleChanged() {
        counting.moves(partition.id(), partition.role() instanceof Leading ? partition.move() : null);
        changed();
    }

    /** The high watermark has moved. */
    void changed() {
        boolean leads = partition.role() instanceof Leading;
        stableLag = leads ? partition.highWatermark() - partition.lastStableOffset() : 0;
    }

    /** Nothing is shown of it any more. */
    void close() {
        counting.moves(partition.id(), null);
        gauges.forEach(Meters.Gauge::close);
    }
}
