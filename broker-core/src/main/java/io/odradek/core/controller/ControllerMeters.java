package io.odradek.core.controller;

import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.storage.env.Meters;
import java.util.function.Predicate;

/**
 * What is counted of a broker's part in governing the cluster: {@code controller.elections} that it has won, {@code
 * controller.resignations} after a failure in office, whether it is in office ({@code controller.active}), and while it is,
 * of what the image shows, the topics, the partitions, and those of them without a leader or with another one than the preferred.
 */
final class ControllerMeters {
    private final Meters.Counter elections;
    private final Meters.Counter resignations;
    private volatile boolean active;

    ControllerMeters(Meters meters, MetadataSource metadata) {
        elections = meters.counter("controller.elections");
        resignations = meters.counter("controller.resignations");
        if (meters.kept()) {
            meters.timer("leader.election.time");
            meters.gauge("controller.active", () -> active ? 1 : 0);
            meters.gauge(
                    "cluster.topics", () -> active ? metadata.image().topics().size() : 0);
            meters.gauge("cluster.partitions", () -> partitions(metadata, partition -> true));
            meters.gauge(
                    "cluster.partitions.offline",
                    () -> partitions(metadata, partition -> partition.leader() == LeaderElection.NO_LEADER));
            meters.gauge(
                    "cluster.partitions.imbalanced",
                    () -> partitions(
                            metadata,
                            partition ->
                                    partition.leader() != partition.replicas().get(0)));
        }
    }

    /** This broker has been elected. */
    void elected() {
        active = true;
        elections.add(1);
    }

    /** This broker is out of office. */
    void left() {
        active = false;
    }

    /** It could not go on in office. */
    void resigned() {
        left();
        resignations.add(1);
    }

    private long partitions(MetadataSource metadata, Predicate<PartitionInfo> counted) {
        long count = 0;
        if (!active) {
            return count;
        }
        for (TopicInfo topic : metadata.image().topics().values()) {
            for (PartitionInfo partition : topic.partitions()) {
                count += counted.test(partition) ? 1 : 0;
            }
        }
        return count;
    }
}
