package io.odradek.core.config;

import static io.odradek.core.config.Allowed.ANY;
import static io.odradek.core.config.Allowed.atLeast;
import static io.odradek.core.config.Allowed.between;
import static io.odradek.core.config.Allowed.oneOf;

/** Who the broker is, its threads, its topics' defaults, quotas and metrics. */
final class GeneralSettings {
    /** There are so many of each client that something holds. */
    private static final int MOST_WINDOWS = 1_000;

    private GeneralSettings() {}

    static void declare(SettingTable table) {
        declareIdentity(table);
        declareThreads(table);
        declareTopics(table);
        declareQuotas(table);
        declareMetrics(table);
        declareIgnored(table);
        declareRules(table);
    }

    private static void declareIdentity(SettingTable table) {
        table.int32(
                "broker.id",
                -1,
                atLeast(-1),
                "This broker's number in the cluster; -1 takes the one in meta.properties, or in a new log folder a number drawn"
                        + " from ZooKeeper, or 0 without one");
        table.int32("node.id", -1, atLeast(-1), "Another name for broker.id, used where that is not set");
        table.flag("broker.id.generation.enable", true, "Whether a broker without broker.id may be given a number");
        table.int32("reserved.broker.max.id", 1000, atLeast(0), "Generated broker numbers start above this one");
        table.text("broker.rack", null, "Where this broker stands, for placing replicas apart");
    }

    private static void declareThreads(SettingTable table) {
        table.int32("num.network.threads", 3, atLeast(1), "Processor threads that read requests and write responses");
        table.int32("num.io.threads", 8, atLeast(1), "Partition owner loops; each partition belongs to one of them");
        table.int32("background.threads", 10, atLeast(1), "Threads for blocking work on log folders");
        table.int32("num.recovery.threads.per.data.dir", 1, atLeast(1), "Logs of a folder that are recovered at once");
        table.int32("request.timeout.ms", 30000, ANY, "How long this broker waits for another one's answer");
    }

    private static void declareTopics(SettingTable table) {
        table.flag("auto.create.topics.enable", true, "Whether asking for an unknown topic creates it");
        table.flag("delete.topic.enable", true, "Whether topics may be deleted");
        table.int32(
                "odradek.create.topics.max.topics",
                10_000,
                atLeast(1),
                "Topics that one request may create, be it by asking for them");
        table.int32(
                "odradek.create.topics.max.partitions",
                10_000,
                atLeast(1),
                "Partitions that one request may create, in all its topics together");
        table.flag(
                "odradek.create.topics.clamp.replicas",
                false,
                "Whether a topic for which more replicas are asked than there are brokers gets as many as there are: for tests"
                        + " of what asks for three");
        table.int32(
                "odradek.broker.max.partitions",
                -1,
                atLeast(-1),
                "Partitions on each broker beyond which no more are created; -1 for as many as half of the heap holds");
        table.int32(
                "num.partitions", 1, atLeast(1), "Partitions of a topic that is created without a number of its own");
        table.int32(
                "default.replication.factor", 1, between(1, Short.MAX_VALUE), "Replicas of a topic created likewise");
        table.int32(
                "max.incremental.fetch.session.cache.slots",
                1000,
                atLeast(0),
                "Incremental fetch sessions kept at most");
        table.int32(
                "fetch.max.bytes",
                57671680,
                atLeast(1024),
                "Bytes of records in one fetch response, whatever was asked for");
    }

    private static void declareQuotas(SettingTable table) {
        table.int32(
                "replication.quota.window.num", 11, between(1, MOST_WINDOWS), "Samples kept for replication quotas");
        table.int32("replication.quota.window.size.seconds", 1, atLeast(1), "Span of each of them");
        table.int32("quota.window.num", 11, between(1, MOST_WINDOWS), "Samples kept for client quotas");
        table.int32("quota.window.size.seconds", 1, atLeast(1), "Span of each of them");
        table.int32(
                "odradek.quota.clients.max",
                10_000,
                atLeast(1),
                "Clients, of each kind of quota, of which it is known what they have had. Those that come while so many are busy share"
                        + " what one may have");
        table.effect(Setting.Effect.NONE);
        table.int32(
                "alter.log.dirs.replication.quota.window.num",
                11,
                between(1, MOST_WINDOWS),
                "Samples kept for folder moves");
        table.int32("alter.log.dirs.replication.quota.window.size.seconds", 1, atLeast(1), "Span of each of them");
        table.effect(Setting.Effect.SERVED);
        table.int32(
                "controller.quota.window.num",
                11,
                between(1, MOST_WINDOWS),
                "Samples kept for controller mutation quotas");
        table.int32("controller.quota.window.size.seconds", 1, atLeast(1), "Span of each of them");
    }

    private static void declareMetrics(SettingTable table) {
        table.effect(Setting.Effect.NONE);
        table.int32("metrics.num.samples", 2, atLeast(1), "Samples kept for each rate");
        table.int64("metrics.sample.window.ms", 30000L, atLeast(1), "Span of each of them");
        table.list("metric.reporters", "", ANY, "Classes told of metrics");
        table.word("metrics.recording.level", "INFO", oneOf("INFO", "DEBUG", "TRACE"), "The finest metrics recorded");
        table.flag("auto.include.jmx.reporter", true, "Whether metrics are shown over JMX without being asked for");
        table.list("kafka.metrics.reporters", "", ANY, "Classes told of the broker's own metrics");
        table.int32("kafka.metrics.polling.interval.secs", 10, atLeast(1), "How often they are told");
        table.effect(Setting.Effect.SERVED);
        table.flag(
                "odradek.metrics.enable",
                true,
                "Whether a broker that is a program of its own counts what it does, and shows it over JMX and as text");
    }

    /** Known to Kafka, and without effect here. */
    private static void declareIgnored(SettingTable table) {
        table.effect(Setting.Effect.NONE);
        table.word(
                "inter.broker.protocol.version", "3.9-IV0", ANY, "Checked as by Kafka; brokers agree on API versions");
        table.int32("num.replica.alter.log.dirs.threads", null, ANY, "Threads that move replicas between log folders");
        table.int64(
                "socket.connection.setup.timeout.ms",
                10000L,
                ANY,
                "How long a connection to another broker may take to open");
        table.int64("socket.connection.setup.timeout.max.ms", 30000L, ANY, "Upper bound of that time as it backs off");
        table.int32("max.request.partition.size.limit", 2000, atLeast(1), "Partitions listed in one answer at most");
        table.effect(Setting.Effect.SERVED);
    }

    /** Rules that nobody would keep. */
    private static void declareRules(SettingTable table) {
        table.effect(Setting.Effect.REFUSED);
        table.className("create.topic.policy.class.name", "Checks topics before they are created");
        table.className("alter.config.policy.class.name", "Checks configurations before they are changed");
        table.className("client.quota.callback.class", "Decides the quota of a client");
        table.effect(Setting.Effect.SERVED);
    }
}
