package io.odradek.core.config;

/** Where a value comes from, with the number that DescribeConfigs shows (KIP-226). */
public enum ConfigSource {
    TOPIC_CONFIG(1),
    DYNAMIC_BROKER_CONFIG(2),
    DYNAMIC_DEFAULT_BROKER_CONFIG(3),
    STATIC_BROKER_CONFIG(4),
    DEFAULT_CONFIG(5),
    DYNAMIC_BROKER_LOGGER_CONFIG(6),
    GROUP_CONFIG(8);

    private final byte code;

    ConfigSource(int code) {
        this.code = (byte) code;
    }

    /** {@return its number in a DescribeConfigs response} */
    public byte code() {
        return code;
    }
}
