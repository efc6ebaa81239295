package io.odradek.core.config.dynamic;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.core.config.Setting;
import io.odradek.core.config.UpdateMode;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.node.TopicConfigNode;
import io.odradek.protocol.errors.ApiException;
import io.odradek.storage.log.LogConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of the settings that the tree has for brokers can be used. Any tool may have written them, and any version of Kafka, so
 * they are read with care: what this broker does not change at run time, or cannot read, is left out, and said.
 */
final class UsableSettings {
    private static final Logger LOG = LoggerFactory.getLogger(UsableSettings.class);

    private final BrokerConfig config;

    /** @param config what the broker was started with */
    UsableSettings(BrokerConfig config) {
        this.config = config;
    }

    /** {@return what can be used of what is stored for all brokers} */
    SortedMap<String, String> ofAll(byte[] data) {
        return usable(ClusterPaths.DEFAULT_ENTITY, data, true);
    }

    /** {@return what can be used of what is stored for this broker} */
    SortedMap<String, String> ofThis(byte[] data) {
        return usable("this broker", data, false);
    }

    private SortedMap<String, String> usable(String entity, byte[] data, boolean forAll) {
        SortedMap<String, String> usable = new TreeMap<>();
        List<String> unheeded = new ArrayList<>();
        for (Map.Entry<String, String> stored : decode(entity, data).entrySet()) {
            Setting setting = UpdateMode.setting(stored.getKey());
            UpdateMode mode = UpdateMode.of(stored.getKey());
            boolean changeable = setting != null
                    && !UpdateMode.isFixedHere(setting)
                    && (mode == UpdateMode.CLUSTER_WIDE || mode == UpdateMode.PER_BROKER && !forAll);
            if (!changeable) {
                unheeded.add(stored.getKey());
            } else if (!setting.sensitive()) {
                addIfRight(entity, usable, stored);
            } else {
                addSecret(entity, usable, stored);
            }
        }
        if (!unheeded.isEmpty()) {
            LOG.warn(
                    "The tree sets {} for {} ({}), which a broker here does not change while it runs: they are passed over",
                    String.join(", ", unheeded),
                    forAll ? "all brokers" : entity,
                    ClusterPaths.BROKER_CONFIGS);
        }
        return usable;
    }

    private void addSecret(String entity, SortedMap<String, String> usable, Map.Entry<String, String> stored) {
        try {
            String text = new SecretText(config).decrypted(stored.getValue());
            addIfRight(entity, usable, Map.entry(stored.getKey(), text));
        } catch (IllegalArgumentException unreadable) {
            LOG.error(
                    "The stored secret {} of {} is passed over: {}", stored.getKey(), entity, unreadable.getMessage());
        }
    }

    private void addIfRight(String entity, SortedMap<String, String> usable, Map.Entry<String, String> stored) {
        SortedMap<String, String> candidate = new TreeMap<>(usable);
        candidate.put(stored.getKey(), stored.getValue());
        String refusal = refusal(candidate);
        if (refusal == null) {
            usable.put(stored.getKey(), stored.getValue());
        } else {
            LOG.error("A stored setting of {} is passed over: {}", entity, refusal);
        }
    }

    private String refusal(SortedMap<String, String> candidate) {
        try {
            check(config.with(Map.of(), candidate));
            return null;
        } catch (ConfigException | ApiException refusal) {
            return refusal.getMessage();
        }
    }

    /**
     * {@return the configuration with both} Where each is right alone and they contradict each other, what is set for all
     * brokers gives way.
     */
    BrokerConfig with(Map<String, String> ofAll, Map<String, String> ofThis) {
        try {
            BrokerConfig both = config.with(ofAll, ofThis);
            check(both);
            return both;
        } catch (ConfigException | ApiException refusal) {
            LOG.error(
                    "What is stored for all brokers is passed over beside what is for this one: {}",
                    refusal.getMessage());
            return config.with(Map.of(), ofThis);
        }
    }

    /**
     * Checks what a broker alone would not find out: the settings of logs as logs read them, and those of the tree alone.
     *
     * @throws ConfigException or {@link ApiException} if something cannot be
     */
    static void check(BrokerConfig config) {
        LogConfig.of(config.given(), Map.of());
        for (Map.Entry<String, String> given : config.given().entrySet()) {
            Setting setting = UpdateMode.setting(given.getKey());
            if (setting != null) {
                setting.check(given.getValue());
            }
        }
    }

    private static SortedMap<String, String> decode(String entity, byte[] data) {
        try {
            return decode(data);
        } catch (IllegalArgumentException unreadable) {
            LOG.error(
                    "What the tree sets for {} ({}) cannot be read, and is passed over until it is written anew: {}",
                    entity,
                    ClusterPaths.BROKER_CONFIGS,
                    unreadable.getMessage());
            return new TreeMap<>();
        }
    }

    /**
     * {@return all that a node says}
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    static SortedMap<String, String> decode(byte[] data) {
        return data.length == 0
                ? new TreeMap<>()
                : new TreeMap<>(TopicConfigNode.decode(data).overrides());
    }
}
