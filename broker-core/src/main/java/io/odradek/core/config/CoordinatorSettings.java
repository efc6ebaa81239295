package io.odradek.core.config;

import static io.odradek.core.config.Allowed.ANY;
import static io.odradek.core.config.Allowed.atLeast;
import static io.odradek.core.config.Allowed.between;
import static io.odradek.core.config.Allowed.oneOf;

/** Group and transaction coordinators and their topics. */
final class CoordinatorSettings {
    private CoordinatorSettings() {}

    static void declare(SettingTable table) {
        declareGroups(table);
        declareOffsets(table);
        declareTransactions(table);
        declareIgnored(table);
    }

    private static void declareGroups(SettingTable table) {
        table.int32("group.min.session.timeout.ms", 6000, ANY, "The shortest session a member may ask for");
        table.int32("group.max.session.timeout.ms", 1800000, ANY, "The longest session a member may ask for");
        table.int32("group.initial.rebalance.delay.ms", 3000, ANY, "How long a new group waits for more members");
        table.int32("group.max.size", Integer.MAX_VALUE, atLeast(1), "Members of a group at most");
        table.int32(
                "group.max.pending.members", 10000, atLeast(1), "Member ids given out that have not joined, at most");
        table.int64(
                "group.max.metadata.bytes", 33554432L, atLeast(1), "Subscriptions of all members of a group, at most");
    }

    private static void declareOffsets(SettingTable table) {
        table.int32("offset.metadata.max.bytes", 4096, ANY, "The longest note beside a committed offset");
        table.int16("offsets.topic.replication.factor", 3, atLeast(1), "Replicas of the offsets topic");
        table.int32("offsets.topic.num.partitions", 50, atLeast(1), "Partitions of the offsets topic");
        table.int32("offsets.topic.segment.bytes", 104857600, atLeast(1), "Segment size of the offsets topic");
        table.int32("offsets.retention.minutes", 10080, atLeast(1), "How long an empty group's offsets are kept");
        table.int64(
                "offsets.retention.check.interval.ms", 600000L, atLeast(1), "How often stale offsets are looked for");
        table.int32("offsets.commit.timeout.ms", 5000, atLeast(1), "How long a commit may wait for its replicas");
        table.int64(
                "odradek.tree.positions.max.bytes",
                16777216L,
                atLeast(0),
                "How much positions may take in the cluster's tree, where clients of before 0.9 keep them");
    }

    private static void declareTransactions(SettingTable table) {
        table.int32(
                "transactional.id.expiration.ms", 604800000, atLeast(1), "How long an idle transactional id is kept");
        table.int32("transaction.max.timeout.ms", 900000, atLeast(1), "The longest transaction a producer may ask for");
        table.int32("transaction.state.log.min.isr", 2, atLeast(1), "Replicas in sync the transaction topic needs");
        table.int16("transaction.state.log.replication.factor", 3, atLeast(1), "Replicas of the transaction topic");
        table.int32("transaction.state.log.num.partitions", 50, atLeast(1), "Partitions of the transaction topic");
        table.int32(
                "transaction.state.log.segment.bytes", 104857600, atLeast(1), "Segment size of the transaction topic");
        table.int32(
                "transaction.abort.timed.out.transaction.cleanup.interval.ms",
                10000,
                atLeast(1),
                "How often overdue transactions are looked for");
        table.int32(
                "transaction.remove.expired.transaction.cleanup.interval.ms",
                3600000,
                atLeast(1),
                "How often expired transactional ids are looked for");
        table.int32(
                "odradek.transactional.id.pattern.max.size",
                1000,
                between(1, 2000),
                "The longest pattern that transactional ids are listed by, with its repetitions written out");
        table.flag("transaction.partition.verification.enable", true, "Whether a partition's transaction is verified");
        table.int16(
                "odradek.transaction.version",
                2,
                between(0, 2),
                "The transactions that clients are offered, KIP-890's from 2 on; the same on all brokers, 0 beside Kafka 3.9");
    }

    /** Known to Kafka, and without effect here. */
    private static void declareIgnored(SettingTable table) {
        table.effect(Setting.Effect.NONE);
        table.int32(
                "group.coordinator.threads",
                1,
                atLeast(1),
                "Kept for compatibility; coordinators run on partition owners");
        table.list(
                "group.coordinator.rebalance.protocols",
                "classic",
                oneOf("classic", "consumer", "share"),
                "The group protocols served");
        table.int32("offsets.load.buffer.size", 5242880, atLeast(1), "Bytes read at once when offsets are loaded");
        table.int32("offsets.topic.compression.codec", 0, between(0, 4), "Codec number of the offsets topic");
        table.int16("offsets.commit.required.acks", -1, ANY, "Kept for compatibility; commits wait for the ISR");
        table.int32(
                "transaction.state.log.load.buffer.size", 5242880, atLeast(1), "Bytes read at once when it is loaded");
        table.effect(Setting.Effect.SERVED);
    }
}
