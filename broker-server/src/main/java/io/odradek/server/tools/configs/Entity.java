package io.odradek.server.tools.configs;

import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.common.config.ConfigResource;

/**
 * What has settings.
 *
 * @param kind of which kind it is
 * @param name which one; {@link #DEFAULT} for what holds for all of them, null for each of them
 */
record Entity(Kind kind, String name) {
    /** The name of what holds for all. */
    static final String DEFAULT = "";

    /** What there is. */
    enum Kind {
        TOPICS("topic", ConfigResource.Type.TOPIC, ConfigSource.DYNAMIC_TOPIC_CONFIG),
        BROKERS("broker", ConfigResource.Type.BROKER, ConfigSource.DYNAMIC_BROKER_CONFIG),
        BROKER_LOGGERS("broker-logger", ConfigResource.Type.BROKER_LOGGER, null),
        GROUPS("group", ConfigResource.Type.GROUP, ConfigSource.DYNAMIC_GROUP_CONFIG);

        private final String singular;
        private final ConfigResource.Type type;
        private final ConfigSource own;

        Kind(String singular, ConfigResource.Type type, ConfigSource own) {
            this.singular = singular;
            this.type = type;
            this.own = own;
        }

        String singular() {
            return singular;
        }

        String plural() {
            return singular + "s";
        }
    }

    boolean isOne() {
        return name != null;
    }

    boolean isDefault() {
        return DEFAULT.equals(name);
    }

    boolean isOnBroker() {
        return kind == Kind.BROKERS || kind == Kind.BROKER_LOGGERS;
    }

    ConfigResource resource() {
        return new ConfigResource(kind.type, name);
    }

    /** {@return whether a setting was made for this one while it was used} */
    boolean has(ConfigSource source) {
        return kind.own == null || source == (isDefault() ? ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG : kind.own);
    }
}
