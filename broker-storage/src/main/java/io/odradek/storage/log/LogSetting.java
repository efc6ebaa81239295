package io.odradek.storage.log;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of a log, in one table: topic name, broker names (the first one set wins), type, default of Kafka 3.9, what
 * is allowed.
 */
public enum LogSetting {
    CLEANUP_POLICY("cleanup.policy", Type.LIST, "delete", Allowed.of("compact", "delete"), "log.cleanup.policy"),
    COMPRESSION_GZIP_LEVEL(
            "compression.gzip.level", Type.INT, "-1", Allowed.betweenOr(1, 9, -1), "compression.gzip.level"),
    COMPRESSION_LZ4_LEVEL("compression.lz4.level", Type.INT, "9", Allowed.between(1, 17), "compression.lz4.level"),
    COMPRESSION_TYPE(
            "compression.type",
            Type.STRING,
            "producer",
            Allowed.of("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
            "compression.type"),
    COMPRESSION_ZSTD_LEVEL(
            "compression.zstd.level", Type.INT, "3", Allowed.between(-131072, 22), "compression.zstd.level"),
    DELETE_RETENTION_MS(
            "delete.retention.ms", Type.LONG, "86400000", Allowed.atLeast(0), "log.cleaner.delete.retention.ms"),
    FILE_DELETE_DELAY_MS("file.delete.delay.ms", Type.LONG, "60000", Allowed.atLeast(0), "log.segment.delete.delay.ms"),
    FLUSH_MESSAGES(
            "flush.messages", Type.LONG, "9223372036854775807", Allowed.atLeast(1), "log.flush.interval.messages"),
    FLUSH_MS(
            "flush.ms",
            Type.LONG,
            "9223372036854775807",
            Allowed.atLeast(0),
            "log.flush.interval.ms",
            "log.flush.scheduler.interval.ms"),
    FOLLOWER_THROTTLED_REPLICAS("follower.replication.throttled.replicas", Type.LIST, "", Allowed.REPLICAS),
    INDEX_INTERVAL_BYTES("index.interval.bytes", Type.INT, "4096", Allowed.atLeast(0), "log.index.interval.bytes"),
    LEADER_THROTTLED_REPLICAS("leader.replication.throttled.replicas", Type.LIST, "", Allowed.REPLICAS),
    LOCAL_RETENTION_BYTES("local.retention.bytes", Type.LONG, "-2", Allowed.atLeast(-2), "log.local.retention.bytes"),
    LOCAL_RETENTION_MS("local.retention.ms", Type.LONG, "-2", Allowed.atLeast(-2), "log.local.retention.ms"),
    MAX_COMPACTION_LAG_MS(
            "max.compaction.lag.ms",
            Type.LONG,
            "9223372036854775807",
            Allowed.atLeast(1),
            "log.cleaner.max.compaction.lag.ms"),
    MAX_MESSAGE_BYTES("max.message.bytes", Type.INT, "1048588", Allowed.atLeast(0), "message.max.bytes"),
    MESSAGE_DOWNCONVERSION_ENABLE(
            "message.downconversion.enable",
            Type.BOOLEAN,
            "true",
            Allowed.ANYTHING,
            "log.message.downconversion.enable"),
    MESSAGE_FORMAT_VERSION(
            "message.format.version", Type.STRING, "3.0-IV1", Allowed.VERSION, "log.message.format.version"),
    MESSAGE_TIMESTAMP_AFTER_MAX_MS(
            "message.timestamp.after.max.ms",
            Type.LONG,
            "9223372036854775807",
            Allowed.atLeast(0),
            "log.message.timestamp.after.max.ms"),
    MESSAGE_TIMESTAMP_BEFORE_MAX_MS(
            "message.timestamp.before.max.ms",
            Type.LONG,
            "9223372036854775807",
            Allowed.atLeast(0),
            "log.message.timestamp.before.max.ms"),
    MESSAGE_TIMESTAMP_DIFFERENCE_MAX_MS(
            "message.timestamp.difference.max.ms",
            Type.LONG,
            "9223372036854775807",
            Allowed.atLeast(0),
            "log.message.timestamp.difference.max.ms"),
    MESSAGE_TIMESTAMP_TYPE(
            "message.timestamp.type",
            Type.STRING,
            "CreateTime",
            Allowed.of("CreateTime", "LogAppendTime"),
            "log.message.timestamp.type"),
    MIN_CLEANABLE_DIRTY_RATIO(
            "min.cleanable.dirty.ratio", Type.DOUBLE, "0.5", Allowed.between(0, 1), "log.cleaner.min.cleanable.ratio"),
    MIN_COMPACTION_LAG_MS(
            "min.compaction.lag.ms", Type.LONG, "0", Allowed.atLeast(0), "log.cleaner.min.compaction.lag.ms"),
    MIN_INSYNC_REPLICAS("min.insync.replicas", Type.INT, "1", Allowed.atLeast(1), "min.insync.replicas"),
    SETTINGS_UNCONFIRMED("odradek.settings.unconfirmed", Type.BOOLEAN, "false", Allowed.ANYTHING),
    PREALLOCATE("preallocate", Type.BOOLEAN, "false", Allowed.ANYTHING, "log.preallocate"),
    REMOTE_LOG_COPY_DISABLE("remote.log.copy.disable", Type.BOOLEAN, "false", Allowed.FALSE_ONLY),
    REMOTE_LOG_DELETE_ON_DISABLE("remote.log.delete.on.disable", Type.BOOLEAN, "false", Allowed.FALSE_ONLY),
    REMOTE_STORAGE_ENABLE("remote.storage.enable", Type.BOOLEAN, "false", Allowed.FALSE_ONLY),
    RETENTION_BYTES("retention.bytes", Type.LONG, "-1", Allowed.ANYTHING, "log.retention.bytes"),
    RETENTION_MS(
            "retention.ms",
            Type.LONG,
            "604800000",
            Allowed.atLeast(-1),
            "log.retention.ms",
            "log.retention.minutes",
            "log.retention.hours"),
    SEGMENT_BYTES("segment.bytes", Type.INT, "1073741824", Allowed.atLeast(14), "log.segment.bytes"),
    SEGMENT_INDEX_BYTES("segment.index.bytes", Type.INT, "10485760", Allowed.atLeast(4), "log.index.size.max.bytes"),
    SEGMENT_JITTER_MS(
            "segment.jitter.ms", Type.LONG, "0", Allowed.atLeast(0), "log.roll.jitter.ms", "log.roll.jitter.hours"),
    SEGMENT_MS("segment.ms", Type.LONG, "604800000", Allowed.atLeast(1), "log.roll.ms", "log.roll.hours"),
    UNCLEAN_LEADER_ELECTION_ENABLE(
            "unclean.leader.election.enable",
            Type.BOOLEAN,
            "false",
            Allowed.ANYTHING,
            "unclean.leader.election.enable");

    /**
     * The mark of a topic whose settings were not found where its logs were: nothing of it is taken away before somebody
     * says what they are. The broker sets it, and any change of the topic's settings removes it.
     */
    public static final String UNCONFIRMED = SETTINGS_UNCONFIRMED.topicName;

    /** How a value is written. */
    public enum Type {
        BOOLEAN,
        STRING,
        INT,
        LONG,
        DOUBLE,
        LIST
    }

    private static final LogSetting[] TABLE = values();

    private final String topicName;
    private final Type type;
    private final String defaultValue;
    private final Allowed allowed;
    private final List<String> brokerNames;

    LogSetting(String topicName, Type type, String defaultValue, Allowed allowed, String... brokerNames) {
        this.topicName = topicName;
        this.type = type;
        this.defaultValue = defaultValue;
        this.allowed = allowed;
        this.brokerNames = List.of(brokerNames);
    }

    /** {@return the name as a topic's setting} */
    public String topicName() {
        return topicName;
    }

    /** {@return the names as a broker's setting, the strongest first; empty if a broker has no such setting} */
    public List<String> brokerNames() {
        return brokerNames;
    }

    /** {@return how its value is written} */
    public Type type() {
        return type;
    }

    /** {@return the value of Kafka 3.9 where nothing is set, as a topic's setting} */
    public String defaultValue() {
        return defaultValue;
    }

    /** {@return whether Kafka does not know it: a mark of this broker's own, which clients see and do not set} */
    public boolean isMark() {
        return this == SETTINGS_UNCONFIRMED;
    }

    /** {@return the setting of a topic name} */
    public static Optional<LogSetting> ofTopicName(String name) {
        for (LogSetting setting : TABLE) {
            if (setting.topicName.equals(name)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }

    /** {@return a parsed value as it is written} */
    static String text(Object parsed) {
        if (parsed instanceof List<?> items) {
            List<String> words = new ArrayList<>(items.size());
            for (Object item : items) {
                words.add((String) item);
            }
            return String.join(",", words);
        }
        return parsed.toString();
    }

    /** {@return the weakest of the broker names, which has the default} */
    String lastBrokerName() {
        return brokerNames.get(brokerNames.size() - 1);
    }

    /** {@return the default in the unit of the weakest of the broker names} */
    String brokerDefault() {
        long unitMs = unitMs(lastBrokerName());
        return unitMs == 1 ? defaultValue : Long.toString(Long.parseLong(defaultValue) / unitMs);
    }

    private static long unitMs(String brokerName) {
        return brokerName.endsWith(".hours") ? 3_600_000L : brokerName.endsWith(".minutes") ? 60_000L : 1;
    }

    /**
     * {@return the value that a topic inherits of its broker: hours and minutes become milliseconds}
     *
     * @throws ApiException INVALID_CONFIG
     */
    Object ofBroker(Map<String, String> broker) {
        for (String name : brokerNames) {
            String value = broker.get(name);
            if (value != null) {
                return inMs(parse(name, value), unitMs(name));
            }
        }
        return parse(topicName, defaultValue);
    }

    private static Object inMs(Object parsed, long unitMs) {
        if (unitMs == 1) {
            return parsed;
        }
        long units = (Long) parsed;
        return units < 0 ? -1L : units > Long.MAX_VALUE / unitMs ? Long.MAX_VALUE : units * unitMs;
    }

    /**
     * Reads a value.
     *
     * @param name the name it was given under, for the message
     * @return a Boolean, String, Integer, Long, Double or list of String
     * @throws ApiException INVALID_CONFIG, naming key, value and what is allowed
     */
    Object parse(String name, String value) {
        if (value == null) {
            throw invalid(name, null);
        }
        String text = value.trim();
        try {
            Object parsed = parse(text);
            if (allowed.admits(parsed)) {
                return parsed;
            }
        } catch (NumberFormatException e) {
            throw invalid(name, value);
        }
        throw invalid(name, value);
    }

    private Object parse(String text) {
        return switch (type) {
            case STRING -> text;
            case INT -> Integer.valueOf(text);
            case LONG -> Long.valueOf(text);
            case DOUBLE -> Double.valueOf(text);
            case LIST -> SettingText.list(text);
            case BOOLEAN -> SettingText.bool(text);
        };
    }

    private ApiException invalid(String name, String value) {
        return new ApiException(
                ErrorCode.INVALID_CONFIG,
                "Invalid value " + Quoted.text(value) + " for configuration " + name + ": " + allowed.describe(type));
    }
}
