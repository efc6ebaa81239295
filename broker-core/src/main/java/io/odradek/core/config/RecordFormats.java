package io.odradek.core.config;

import io.odradek.storage.log.KafkaVersion;

/**
 * The settings that name versions of Kafka for what is stored and what brokers speak. As with Kafka 3.9 and versions from 3.0 on,
 * records are written in format 2 whatever they say; what they cannot say is the same.
 */
public final class RecordFormats {
    static final String STORED = "log.message.format.version";
    static final String SPOKEN = "inter.broker.protocol.version";

    /** The setting of topics. */
    public static final String OF_TOPIC = "message.format.version";

    private static final int WRITTEN = 2;
    private static final String[] FIRST_WITH = {"0.8.0", "0.10.0", "0.11.0"};

    private RecordFormats() {}

    /** @throws ConfigException if there is no such version, or brokers could not speak of what is stored */
    static void check(BrokerConfig config) {
        for (String name : new String[] {STORED, SPOKEN}) {
            if (!KafkaVersion.isKnown(config.text(name))) {
                throw new ConfigException(name, config.text(name), "a version of Kafka, such as 2.8 or 2.8-IV1");
            }
        }
        int stored = KafkaVersion.recordFormat(config.text(STORED));
        if (stored > KafkaVersion.recordFormat(config.text(SPOKEN))) {
            throw new ConfigException(
                    SPOKEN,
                    config.text(SPOKEN),
                    "at least " + FIRST_WITH[stored] + ", as " + STORED + " is " + config.text(STORED));
        }
    }

    /** {@return what is to be said of a setting that asks for an older format than is written, null if it does not} */
    public static String warning(String name, String version) {
        return !KafkaVersion.isKnown(version) || KafkaVersion.recordFormat(version) == WRITTEN
                ? null
                : name + "=" + version + " has no effect: records are written in format " + WRITTEN
                        + " all the same, and converted for clients that do not know it";
    }
}
