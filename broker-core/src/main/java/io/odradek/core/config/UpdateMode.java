package io.odradek.core.config;

import io.odradek.storage.log.LogSetting;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a broker's setting may change while brokers run, and for whom (KIP-226), as Apache Kafka 3.9 has it. What this
 * broker does not change though Kafka does is {@link #isFixedHere}.
 */
public enum UpdateMode {
    /** It is what the file says, and takes effect at the next start. */
    READ_ONLY,
    /** It may be changed of one broker, and not of all at once. */
    PER_BROKER,
    /** It may be changed of one broker, or of all at once. */
    CLUSTER_WIDE;

    /**
     * Settings that are kept in the tree only, and in no file: how much of a broker's traffic the copying of replicas may
     * take (KIP-73, KIP-113).
     */
    private static final SettingTable RATES = declareRates();

    private static final Set<String> OF_ALL = namesOfAll();

    private static final Set<String> OF_LISTENERS = Set.of(
            "advertised.listeners",
            "listener.security.protocol.map",
            "listeners",
            "principal.builder.class",
            "sasl.enabled.mechanisms",
            "sasl.jaas.config",
            "sasl.kerberos.kinit.cmd",
            "sasl.kerberos.min.time.before.relogin",
            "sasl.kerberos.principal.to.local.rules",
            "sasl.kerberos.service.name",
            "sasl.kerberos.ticket.renew.jitter",
            "sasl.kerberos.ticket.renew.window.factor",
            "sasl.login.refresh.buffer.seconds",
            "sasl.login.refresh.min.period.seconds",
            "sasl.login.refresh.window.factor",
            "sasl.login.refresh.window.jitter",
            "sasl.mechanism.inter.broker.protocol",
            "ssl.cipher.suites",
            "ssl.client.auth",
            "ssl.enabled.protocols",
            "ssl.endpoint.identification.algorithm",
            "ssl.engine.factory.class",
            "ssl.key.password",
            "ssl.keymanager.algorithm",
            "ssl.keystore.certificate.chain",
            "ssl.keystore.key",
            "ssl.keystore.location",
            "ssl.keystore.password",
            "ssl.keystore.type",
            "ssl.protocol",
            "ssl.provider",
            "ssl.secure.random.implementation",
            "ssl.trustmanager.algorithm",
            "ssl.truststore.certificates",
            "ssl.truststore.location",
            "ssl.truststore.password",
            "ssl.truststore.type");

    /**
     * A partition belongs to one of the owners for life, as a connection does to one of the network's threads; what guards listeners is
     * changed of one listener at a time.
     */
    private static final Set<String> FIXED = Set.of(
            "advertised.listeners",
            "listener.security.protocol.map",
            "listeners",
            "num.io.threads",
            "num.network.threads",
            "num.replica.fetchers");

    private static Set<String> namesOfAll() {
        Set<String> names = new TreeSet<>(List.of(
                "background.threads",
                "log.cleaner.backoff.ms",
                "log.cleaner.dedupe.buffer.size",
                "log.cleaner.io.buffer.load.factor",
                "log.cleaner.io.buffer.size",
                "log.cleaner.io.max.bytes.per.second",
                "log.cleaner.threads",
                "max.connection.creation.rate",
                "max.connections",
                "max.connections.per.ip",
                "max.connections.per.ip.overrides",
                "metric.reporters",
                "num.io.threads",
                "num.network.threads",
                "num.recovery.threads.per.data.dir",
                "num.replica.fetchers",
                "producer.id.expiration.ms",
                "transaction.partition.verification.enable"));
        for (LogSetting setting : LogSetting.values()) {
            if (!setting.brokerNames().isEmpty()) {
                names.add(setting.brokerNames().get(0));
            }
        }
        names.remove("log.message.format.version");
        for (Setting rate : RATES.all()) {
            names.add(rate.name());
        }
        return names;
    }

    private static SettingTable declareRates() {
        SettingTable table = new SettingTable();
        String rest = ", in bytes a second";
        table.int64(
                "follower.replication.throttled.rate",
                Long.MAX_VALUE,
                Allowed.atLeast(0),
                "What this broker copies at most of the replicas that are throttled" + rest);
        table.int64(
                "leader.replication.throttled.rate",
                Long.MAX_VALUE,
                Allowed.atLeast(0),
                "What others copy from it at most of the replicas that are throttled" + rest);
        table.int64(
                "replica.alter.log.dirs.io.max.bytes.per.second",
                Long.MAX_VALUE,
                Allowed.atLeast(0),
                "What is copied at most from one of its log folders to another" + rest);
        return table;
    }

    /** {@return how a setting of Kafka's or of this broker may change} */
    public static UpdateMode of(String fullName) {
        String base = ListenerSettings.baseName(fullName);
        String name = base == null ? fullName : base;
        return OF_ALL.contains(name)
                ? CLUSTER_WIDE
                : base != null || OF_LISTENERS.contains(name) ? PER_BROKER : READ_ONLY;
    }

    /** {@return whether Kafka changes a setting while it runs, and this broker takes it at its start, or not at all} */
    public static boolean isFixedHere(Setting setting) {
        String name = setting.name();
        return setting.effect() != Setting.Effect.SERVED
                || ListenerSettings.baseName(name) == null
                        && (FIXED.contains(name) || name.startsWith("ssl.") || name.startsWith("sasl."));
    }

    /** {@return the setting of a name, null for none: those of the file, and those that only the tree has} */
    public static Setting setting(String name) {
        Setting ofFile = SettingTable.broker().find(name);
        return ofFile != null ? ofFile : RATES.find(name);
    }
}
