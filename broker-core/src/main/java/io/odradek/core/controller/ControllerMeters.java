package io.odradek.core.controller;

import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.storage.env.Meters;

/**
 * What is counted of a broker's part in governing the cluster: {@code controller.elections} that it has won, {@code
 * controller.resignations} after a failure in office, whether it is in office ({@code controller.active}), and of what the
 * image shows the topics, the partitions, and those of them without a leader.
 */
final class ControllerMeters {
    private final Meters.Counter elections;
    private final Meters.Counter resignations;
    private volatile boolean active;

    ControllerMeters(Meters meters, MetadataSource metadata) {
        elections = meters.counter("controller.elections");
        resignations = meters.counter("controller.resignations");
        if (meters.kept()) {
            meters.gauge("controller.active", () -> active ? 1 : 0);
            meters.gauge("cluster.topics", () -> metadata.image().topics().size());
            meters.gauge("cluster.partitions", () -> partitions(metadata, false));
            meters.gauge("cluster.partitions.offline", () -> partitions(metadata, true));
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

    private static long partitions(MetadataSource metadata, boolean offlineOnly) {
        long count = 0;
        for (TopicInfo topic : metadata.image().topics().values()) {
            for (PartitionInfo partition : topic.partitions()) {
                count += !offlineOnly || partition.leader() == LeaderElection.NO_LEADER ? 1 : 0;
            }
        }
        return count;
    }
}
