package io.odradek.core.config;

import static io.odradek.core.config.Allowed.ANY;
import static io.odradek.core.config.Allowed.atLeast;

/** Replicas, leaders, and a broker's leave-taking. */
final class ReplicationSettings {
    private ReplicationSettings() {}

    static void declare(SettingTable table) {
        declareReplicas(table);
        declareLeaders(table);
        declarePurgatories(table);
        declareIgnored(table);
    }

    private static void declareReplicas(SettingTable table) {
        table.int32("min.insync.replicas", 1, atLeast(1), "Replicas in sync that acks=all needs");
        table.int64(
                "replica.lag.time.max.ms",
                30000L,
                ANY,
                "A follower that has not caught up for this long is out of sync");
        table.int32("replica.socket.timeout.ms", 30000, ANY, "How long a follower waits for its leader's answer");
        table.int32("replica.socket.receive.buffer.bytes", 65536, ANY, "A follower's SO_RCVBUF");
        table.int32("replica.fetch.max.bytes", 1048576, atLeast(0), "Bytes a follower asks for of one partition");
        table.int32("replica.fetch.wait.max.ms", 500, ANY, "How long a leader may hold a follower's fetch");
        table.int32("replica.fetch.backoff.ms", 1000, atLeast(0), "A follower's longest wait after an error");
        table.int32("replica.fetch.min.bytes", 1, ANY, "Bytes a follower waits for");
        table.int32("replica.fetch.response.max.bytes", 10485760, atLeast(0), "Bytes a follower asks for in one fetch");
        table.int32("num.replica.fetchers", 1, ANY, "Fetcher loops for each source broker");
        table.int64("replica.high.watermark.checkpoint.interval.ms", 5000L, ANY, "How often high watermarks are saved");
    }

    private static void declareLeaders(SettingTable table) {
        table.int32("controller.socket.timeout.ms", 30000, ANY, "How long the controller waits for a broker");
        table.flag("auto.leader.rebalance.enable", true, "Whether leadership moves back to preferred replicas");
        table.int32("leader.imbalance.per.broker.percentage", 10, ANY, "Leaders elsewhere, in percent, before it does");
        table.int64("leader.imbalance.check.interval.seconds", 300L, atLeast(1), "How often that is looked at");
        table.flag("unclean.leader.election.enable", false, "Whether a replica out of sync may lead, losing records");
        table.flag("controlled.shutdown.enable", true, "Whether leaders are moved away before a broker stops");
        table.int32("controlled.shutdown.max.retries", 3, ANY, "How often that is tried");
        table.int64("controlled.shutdown.retry.backoff.ms", 5000L, ANY, "Wait between two tries");
    }

    private static void declarePurgatories(SettingTable table) {
        table.effect(Setting.Effect.NONE);
        String kept = "Kept for compatibility; purgatories clean themselves";
        table.int32("fetch.purgatory.purge.interval.requests", 1000, ANY, kept);
        table.int32("producer.purgatory.purge.interval.requests", 1000, ANY, kept);
        table.int32("delete.records.purgatory.purge.interval.requests", 1, ANY, kept);
        table.effect(Setting.Effect.SERVED);
    }

    /** Known to Kafka, and without effect here. */
    private static void declareIgnored(SettingTable table) {
        table.effect(Setting.Effect.NONE);
        table.text("replica.selector.class", null, "Chooses the replica a consumer reads from");
        table.effect(Setting.Effect.SERVED);
    }
}
