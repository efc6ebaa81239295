package io.odradek.core.config.dynamic;

import io.odradek.core.coordination.node.TopicConfigNode;
import io.odradek.protocol.errors.ApiException;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogSetting;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the tree says of a topic's settings. Any tool may have written it, so it is read with care. */
public final class StoredTopicConfig {
    private static final Logger LOG = LoggerFactory.getLogger(StoredTopicConfig.class);

    private StoredTopicConfig() {}

    /** {@return the overrides of a topic of which nothing is known: the mark that nothing is to be taken away} */
    public static SortedMap<String, String> unknown() {
        return new TreeMap<>(Map.of(LogSetting.UNCONFIRMED, "true"));
    }

    /**
     * {@return all overrides as they are stored; {@link #unknown} where there is something that cannot be read, which is
     * said in the log}
     */
    public static SortedMap<String, String> all(String topic, byte[] data) {
        return all(topic, data, true);
    }

    private static SortedMap<String, String> all(String topic, byte[] data, boolean telling) {
        if (data.length == 0) {
            return new TreeMap<>();
        }
        try {
            return TopicConfigNode.decode(data).overrides();
        } catch (IllegalArgumentException e) {
            if (telling) {
                LOG.error(
                        "The stored configuration of topic {} cannot be read, and nothing of the topic is deleted or"
                                + " compacted until it is written anew: {}",
                        topic,
                        e.getMessage());
            }
            return unknown();
        }
    }

    /**
     * {@return the overrides that can be used; the others are left out, which is said in the log} Where a known setting is
     * left out, nothing of the topic may be taken away by the default in its place.
     *
     * @param brokerDefaults the broker's settings by their broker names
     */
    public static SortedMap<String, String> usable(String topic, byte[] data, Map<String, String> brokerDefaults) {
        return usable(topic, data, brokerDefaults, true);
    }

    /** {@return the same, said in the log or not} */
    static SortedMap<String, String> usable(
            String topic, byte[] data, Map<String, String> brokerDefaults, boolean telling) {
        SortedMap<String, String> stored = all(topic, data, telling);
        if (stored.isEmpty() || refusal(brokerDefaults, stored) == null) {
            return Collections.unmodifiableSortedMap(stored);
        }
        SortedMap<String, String> usable = new TreeMap<>();
        stored.forEach((name, value) -> {
            usable.put(name, value);
            String refusal = refusal(brokerDefaults, usable);
            if (refusal != null) {
                usable.remove(name);
                if (LogSetting.ofTopicName(name).isPresent()) {
                    usable.put(LogSetting.UNCONFIRMED, "true");
                }
                if (telling) {
                    LOG.error("A stored setting of topic {} is ignored: {}", topic, refusal);
                }
            }
        });
        return Collections.unmodifiableSortedMap(usable);
    }

    private static String refusal(Map<String, String> brokerDefaults, SortedMap<String, String> overrides) {
        try {
            LogConfig.of(brokerDefaults, overrides);
            return null;
        } catch (ApiException e) {
            return e.getMessage();
        }
    }
}
