package io.odradek.storage.log;

import java.util.Map;

/** The settings of one log: the broker's defaults with the topic's overrides, typed. */
public final class LogConfig {
    /**
     * Reads the settings.
     *
     * @param brokerDefaults broker settings by their broker names ({@code log.segment.bytes}); what is absent has Kafka
     *     3.9's default
     * @param topicOverrides topic settings by their topic names ({@code segment.bytes})
     * @throws io.odradek.protocol.errors.ApiException INVALID_CONFIG, naming key, value and what is allowed
     */
    public static LogConfig of(Map<String, String> brokerDefaults, Map<String, String> topicOverrides) {
        throw new UnsupportedOperationException();
    }
}
