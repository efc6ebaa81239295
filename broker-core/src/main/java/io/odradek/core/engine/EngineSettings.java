package io.odradek.core.engine;

import io.odradek.core.cluster.ControlledShutdown;
import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.core.config.Listener;
import io.odradek.core.config.LiveConfig;
import io.odradek.core.controller.AutoTopics;
import io.odradek.core.controller.ControllerSettings;
import io.odradek.core.controller.CreationLimits;
import io.odradek.core.controller.LeaderBalance;
import io.odradek.core.controller.NewTopic;
import io.odradek.core.controller.TopicNames;
import io.odradek.core.coordination.node.BrokerNode;
import io.odradek.core.coordinator.group.GroupSettings;
import io.odradek.core.memory.MemoryAccount;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.orders.ControlListener;
import io.odradek.core.partition.RecordLimits;
import io.odradek.core.quota.AddressRates;
import io.odradek.core.quota.ClientQuotas;
import io.odradek.core.quota.QuotaSpan;
import io.odradek.core.request.group.TreeOffsets;
import io.odradek.storage.cleaner.CleanerSettings;
import io.odradek.storage.env.Guests;
import io.odradek.storage.log.LogContext;
import io.odradek.storage.manager.LogManagerSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The settings of the rooms, out of the broker's configuration. */
final class EngineSettings {
    private static final int NEW_MEMBER_JOIN_TIMEOUT_MS = 300_000;

    /** What ZooKeeper adds to a session's time-out with its usual ticks of 2 s: it lasts two at least, and ends with one. */
    private static final int SESSION_ROUNDING_MS = 6_000;

    private EngineSettings() {}

    /** Refuses what this build does not do. */
    static void checkServable(BrokerConfig config) {
        config.requireServed();
        if (config.zooKeeperConnect() != null && config.brokerId() < 0 && !config.flag("broker.id.generation.enable")) {
            throw new ConfigException("broker.id", "-1", "a number, as broker.id.generation.enable is false");
        }
    }

    static GroupSettings groups(BrokerConfig config) {
        return new GroupSettings(
                new GroupSettings.Sessions(
                        config.int32("group.min.session.timeout.ms"),
                        config.int32("group.max.session.timeout.ms"),
                        NEW_MEMBER_JOIN_TIMEOUT_MS),
                config.int32("group.initial.rebalance.delay.ms"),
                new GroupSettings.Limits(
                        config.int32("group.max.size"),
                        config.int32("group.max.pending.members"),
                        config.int64("group.max.metadata.bytes")),
                new GroupSettings.Offsets(
                        config.int32("offset.metadata.max.bytes"),
                        config.int32("offsets.retention.minutes") * 60_000L,
                        config.int64("offsets.retention.check.interval.ms"),
                        config.int32("offsets.commit.timeout.ms")),
                new GroupSettings.OffsetsTopic(
                        config.int32("offsets.topic.num.partitions"), config.int32("offsets.topic.segment.bytes")));
    }

    static TreeOffsets.Limits treeOffsets(BrokerConfig config) {
        return new TreeOffsets.Limits(
                config.int32("offset.metadata.max.bytes"),
                config.int64("odradek.tree.positions.max.bytes"),
                config.int32("offsets.commit.timeout.ms"));
    }

    static ClientQuotas clientQuotas(BrokerConfig config, Guests guests) {
        return new ClientQuotas(
                guests,
                span(config, "quota.window"),
                span(config, "controller.quota.window"),
                config.int32("odradek.quota.clients.max"));
    }

    static AddressRates addressRates(BrokerConfig config, EngineEnvironment environment) {
        return new AddressRates(
                span(config, "quota.window"),
                config.int32("odradek.quota.clients.max"),
                environment.brokers()::lookUp,
                environment.loops().blocking());
    }

    private static QuotaSpan span(BrokerConfig config, String window) {
        return new QuotaSpan(config.int32(window + ".num"), config.int32(window + ".size.seconds") * 1_000L);
    }

    /** {@return whether there are delegation tokens: not without a secret by which all brokers know them} */
    static boolean tokens(BrokerConfig config) {
        return isSet(config.text("delegation.token.secret.key")) || isSet(config.text("delegation.token.master.key"));
    }

    private static boolean isSet(String secret) {
        return secret != null && !secret.isEmpty();
    }

    /** {@return what the broker says of itself when it registers; the time is put in then} */
    static BrokerNode registration(BrokerConfig config, SortedMap<String, Endpoint> advertised) {
        Map<String, String> protocols = new LinkedHashMap<>();
        for (Listener listener : config.listeners().listeners()) {
            protocols.put(listener.name(), listener.protocol());
        }
        return new BrokerNode(advertised, protocols, config.text("broker.rack"), -1);
    }

    static ControllerSettings controller(LiveConfig live, int brokerId, MemoryAccount memory) {
        BrokerConfig config = live.current();
        return new ControllerSettings(
                brokerId,
                config.int32("num.partitions"),
                (short) config.int32("default.replication.factor"),
                creationLimits(config, memory),
                live,
                new LeaderBalance(
                        config.flag("auto.leader.rebalance.enable"),
                        config.int32("leader.imbalance.per.broker.percentage"),
                        config.int64("leader.imbalance.check.interval.seconds") * 1_000),
                config.flag("delete.topic.enable"));
    }

    /** {@return how controller and brokers reach each other} */
    static ControlListener controlListener(BrokerConfig config, int brokerId) {
        return new ControlListener(brokerId, controllerListener(config), config.int32("controller.socket.timeout.ms"));
    }

    private static String controllerListener(BrokerConfig config) {
        return config.isSet("control.plane.listener.name")
                ? config.text("control.plane.listener.name").toUpperCase(Locale.ROOT)
                : config.listeners().interBrokerName();
    }

    /** {@return the names of the listeners over which brokers talk} */
    static Set<String> brokerListeners(BrokerConfig config) {
        return new TreeSet<>(List.of(config.listeners().interBrokerName(), controllerListener(config)));
    }

    /** {@return how long the session of this broker's killed process may live on} */
    static long registrationWaitMs(BrokerConfig config) {
        return config.int64("zookeeper.session.timeout.ms") + SESSION_ROUNDING_MS;
    }

    static ControlledShutdown.Settings shutdown(BrokerConfig config) {
        return new ControlledShutdown.Settings(
                config.int32("controlled.shutdown.max.retries"),
                config.int64("controlled.shutdown.retry.backoff.ms"),
                config.int32("controller.socket.timeout.ms"));
    }

    static CreationLimits creationLimits(BrokerConfig config, MemoryAccount memory) {
        return new CreationLimits(
                config.int32("odradek.create.topics.max.topics"),
                config.int32("odradek.create.topics.max.partitions"),
                memory.mostPartitions(config),
                config.flag("odradek.create.topics.clamp.replicas"));
    }

    /**
     * {@return what topics look like that come into being because somebody asks for them}
     *
     * @param alone whether there are no other brokers, now or ever
     */
    static AutoTopics autoTopics(BrokerConfig config, boolean alone) {
        GroupSettings.OffsetsTopic groups = groups(config).topic();
        Map<String, String> offsets = Map.of(
                "cleanup.policy", "compact",
                "compression.type", "producer",
                "segment.bytes", Integer.toString(groups.segmentBytes()));
        Map<String, String> transactions = Map.of(
                "cleanup.policy", "compact",
                "compression.type", "uncompressed",
                "min.insync.replicas", Integer.toString(config.int32("transaction.state.log.min.isr")),
                "segment.bytes", Integer.toString(config.int32("transaction.state.log.segment.bytes")),
                "unclean.leader.election.enable", "false");
        return new AutoTopics(
                config.int32("num.partitions"),
                Map.of(
                        TopicNames.OFFSETS,
                        new NewTopic(
                                TopicNames.OFFSETS,
                                groups.partitions(),
                                replicas(config, "offsets.topic.replication.factor", alone),
                                new TreeMap<>(),
                                offsets),
                        TopicNames.TRANSACTIONS,
                        new NewTopic(
                                TopicNames.TRANSACTIONS,
                                config.int32("transaction.state.log.num.partitions"),
                                replicas(config, "transaction.state.log.replication.factor", alone),
                                new TreeMap<>(),
                                transactions)));
    }

    /** The defaults are made for clusters; a broker that is alone has one replica, unless somebody asks for more in vain. */
    private static short replicas(BrokerConfig config, String factor, boolean alone) {
        return alone && !config.isSet(factor) ? 1 : config.int16(factor);
    }

    static RecordLimits records(BrokerConfig config, MemoryAccount memory) {
        return new RecordLimits(
                config.flag("odradek.records.validate.compressed"),
                config.int32("odradek.records.max.inflated.bytes"),
                config.int32("odradek.records.on.loop.max.bytes"),
                memory.convertedBytes(config));
    }

    /** @param isAlone whether no other broker can have copies */
    static LogManagerSettings logs(BrokerConfig config, MemoryAccount memory, boolean isAlone) {
        return new LogManagerSettings(
                config.int32("log.flush.offset.checkpoint.interval.ms"),
                config.text("log.flush.policy").equals("commit"),
                new LogContext.ProducerLimits(
                        config.int64("producer.id.expiration.ms"), config.int32("max.producer.ids.per.partition")),
                schedule(config),
                cleaner(config, memory),
                new LogContext.Recovery(config.int32("odradek.recovery.left.out.max"), isAlone),
                memory.mostPartitions(config));
    }

    private static LogManagerSettings.Schedule schedule(BrokerConfig config) {
        long flushMs = config.int64("log.flush.scheduler.interval.ms");
        return new LogManagerSettings.Schedule(
                config.int64("log.initial.task.delay.ms"),
                config.int64("log.retention.check.interval.ms"),
                flushMs == Long.MAX_VALUE ? LogManagerSettings.Schedule.DEFAULT.flushMs() : Math.max(1, flushMs),
                config.int32("producer.id.expiration.check.interval.ms"),
                Math.max(1, config.int32("log.flush.start.offset.checkpoint.interval.ms")));
    }

    static CleanerSettings cleaner(BrokerConfig config, MemoryAccount memory) {
        return new CleanerSettings(
                config.flag("log.cleaner.enable"),
                config.int64("log.cleaner.backoff.ms"),
                memory.offsetMapBytes(config),
                config.real("log.cleaner.io.buffer.load.factor"),
                memory.cleanerBufferBytes(config),
                config.real("log.cleaner.io.max.bytes.per.second"),
                config.int32("odradek.records.max.inflated.bytes"));
    }
}
