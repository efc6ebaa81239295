package io.odradek.core.coordinator.group;

/**
 * The settings of the group coordinator.
 *
 * @param sessions the bounds of members' sessions
 * @param initialRebalanceDelayMs {@code group.initial.rebalance.delay.ms}: how long an empty group waits for more members
 *     before its first generation; 3,000, and 0 when embedded
 * @param limits what a group may grow to
 * @param offsets how positions are kept
 * @param topic how {@code __consumer_offsets} is created
 */
public record GroupSettings(
        Sessions sessions, int initialRebalanceDelayMs, Limits limits, Offsets offsets, OffsetsTopic topic) {
    /** The internal topic that groups live in. */
    public static final String OFFSETS_TOPIC = "__consumer_offsets";

    /** Kafka 3.9's defaults. */
    public static final GroupSettings DEFAULTS =
            new GroupSettings(Sessions.DEFAULTS, 3_000, Limits.DEFAULTS, Offsets.DEFAULTS, OffsetsTopic.DEFAULTS);

    /** {@return these settings with another delay of the first generation} */
    public GroupSettings withInitialRebalanceDelayMs(int delayMs) {
        return new GroupSettings(sessions, delayMs, limits, offsets, topic);
    }

    /**
     * The bounds of members' sessions.
     *
     * @param minTimeoutMs {@code group.min.session.timeout.ms}, 6,000
     * @param maxTimeoutMs {@code group.max.session.timeout.ms}, 1,800,000
     * @param newMemberJoinTimeoutMs how long a new member stays that never comes for its first generation; Kafka's fixed
     *     300,000
     */
    public record Sessions(int minTimeoutMs, int maxTimeoutMs, int newMemberJoinTimeoutMs) {
        /** Kafka 3.9's defaults. */
        public static final Sessions DEFAULTS = new Sessions(6_000, 1_800_000, 300_000);
    }

    /**
     * What a group may grow to.
     *
     * @param maxSize {@code group.max.size}: members, 2,147,483,647
     * @param maxPendingMembers {@code group.max.pending.members}: member ids given out whose owner has not come back with
     *     them, 10,000; Kafka has no such limit
     * @param maxMetadataBytes {@code group.max.metadata.bytes}: subscriptions of all members together, 33,554,432; Kafka has no
     *     such limit
     */
    public record Limits(int maxSize, int maxPendingMembers, long maxMetadataBytes) {
        /** Kafka 3.9's defaults where it has them. */
        public static final Limits DEFAULTS = new Limits(Integer.MAX_VALUE, 10_000, 32L * 1024 * 1024);
    }

    /**
     * How positions are kept.
     *
     * @param maxMetadataBytes {@code offset.metadata.max.bytes}: a position's note, 4,096
     * @param retentionMs {@code offsets.retention.minutes} in milliseconds: how long the positions of a group without members
     *     are kept (KIP-211), 10,080 minutes
     * @param retentionCheckIntervalMs {@code offsets.retention.check.interval.ms}, 600,000
     * @param commitTimeoutMs {@code offsets.commit.timeout.ms}: how long a commit waits for the replicas, 5,000
     */
    public record Offsets(int maxMetadataBytes, long retentionMs, long retentionCheckIntervalMs, int commitTimeoutMs) {
        /** Kafka 3.9's defaults. */
        public static final Offsets DEFAULTS = new Offsets(4_096, 10_080L * 60_000, 600_000, 5_000);
    }

    /**
     * How {@code __consumer_offsets} is created.
     *
     * @param partitions {@code offsets.topic.num.partitions}, 50
     * @param segmentBytes {@code offsets.topic.segment.bytes}, 104,857,600
     */
    public record OffsetsTopic(int partitions, int segmentBytes) {
        /** Kafka 3.9's defaults. */
        public static final OffsetsTopic DEFAULTS = new OffsetsTopic(50, 104_857_600);
    }
}
