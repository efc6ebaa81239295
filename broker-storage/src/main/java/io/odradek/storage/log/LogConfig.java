package io.odradek.storage.log;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The settings of one log: the broker's defaults with the topic's overrides, typed. Immutable. */
public final class LogConfig {
    private static final LogSetting[] TABLE = LogSetting.values();

    private final Object[] parsed = new Object[TABLE.length];
    private final Map<String, String> broker;
    private final Map<String, String> topic;
    private final int segmentBytes;
    private final int indexIntervalBytes;
    private final long segmentMs;
    private final long maxSegmentMs;
    private final boolean logAppendTime;
    private final long flushMessages;

    private LogConfig(Map<String, String> brokerDefaults, Map<String, String> topicOverrides) {
        broker = brokerDefaults;
        topic = Map.copyOf(topicOverrides);
        for (LogSetting setting : TABLE) {
            String override = topic.get(setting.topicName());
            parsed[setting.ordinal()] =
                    override == null ? setting.ofBroker(broker) : setting.parse(setting.topicName(), override);
        }
        segmentBytes = (Integer) of(LogSetting.SEGMENT_BYTES);
        indexIntervalBytes = (Integer) of(LogSetting.INDEX_INTERVAL_BYTES);
        segmentMs = longOf(LogSetting.SEGMENT_MS);
        maxSegmentMs = longestSegmentMs();
        logAppendTime = of(LogSetting.MESSAGE_TIMESTAMP_TYPE).equals("LogAppendTime");
        flushMessages = longOf(LogSetting.FLUSH_MESSAGES);
    }

    /**
     * Reads the settings.
     *
     * @param brokerDefaults broker settings, which do not change any more, by their broker names ({@code log.segment.bytes}); what is absent has Kafka
     *     3.9's default, other names are ignored
     * @param topicOverrides topic settings by their topic names ({@code segment.bytes})
     * @throws ApiException INVALID_CONFIG, naming key, value and what is allowed; also for an unknown topic setting
     */
    public static LogConfig of(Map<String, String> brokerDefaults, Map<String, String> topicOverrides) {
        for (Map.Entry<String, String> override : topicOverrides.entrySet()) {
            if (LogSetting.ofTopicName(override.getKey()).isEmpty()) {
                throw new ApiException(
                        ErrorCode.INVALID_CONFIG,
                        "Unknown topic configuration " + Quoted.text(override.getKey()) + " (value "
                                + Quoted.text(override.getValue()) + ")");
            }
            if (override.getValue() == null) {
                throw new ApiException(
                        ErrorCode.INVALID_CONFIG, "Topic configuration " + override.getKey() + " has no value");
            }
        }
        LogConfig config = new LogConfig(brokerDefaults, topicOverrides);
        if (config.maxCompactionLagMs() < config.minCompactionLagMs()) {
            throw new ApiException(
                    ErrorCode.INVALID_CONFIG,
                    "min.compaction.lag.ms (" + config.minCompactionLagMs()
                            + ") must not be above max.compaction.lag.ms (" + config.maxCompactionLagMs() + ")");
        }
        return config;
    }

    /** No segment is ended for its age while nobody knows what it may be. */
    private long longestSegmentMs() {
        if (unconfirmed()) {
            return Long.MAX_VALUE;
        }
        return compact() ? Math.min(segmentMs, maxCompactionLagMs()) : segmentMs;
    }

    /** {@return what the topic overrides, as it was given} */
    public Map<String, String> overrides() {
        return topic;
    }

    /** Where a value comes from. */
    public enum Source {
        TOPIC,
        BROKER,
        DEFAULT
    }

    /**
     * One of the places a setting can be made in, with what was found there.
     *
     * @param name the name it has there
     * @param value the value as it is given there
     * @param source where
     */
    public record Synonym(String name, String value, Source source) {}

    /**
     * A setting as DescribeConfigs shows it.
     *
     * @param name the topic name
     * @param value the value in force
     * @param source where it comes from
     * @param type its type
     * @param readOnly whether clients cannot set it
     * @param synonyms the values that are set, the one in force first, and the broker's default
     */
    public record Entry(
            String name, String value, Source source, LogSetting.Type type, boolean readOnly, List<Synonym> synonyms) {}

    /**
     * {@return every setting, in the order of the names, and the marks that are set} As Kafka does, this knows a broker's value by the strongest of its
     * names only: hours alone are no synonym, and what follows from them counts as a default.
     */
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>(TABLE.length);
        for (LogSetting setting : TABLE) {
            if (setting.isMark() && !topic.containsKey(setting.topicName())) {
                continue;
            }
            Object value = of(setting);
            Object override = topic.containsKey(setting.topicName()) ? value : null;
            List<Synonym> found = synonyms(setting, broker, override);
            Source source = found.isEmpty() ? Source.DEFAULT : found.get(0).source();
            entries.add(new Entry(
                    setting.topicName(), LogSetting.text(value), source, setting.type(), setting.isMark(), found));
        }
        return entries;
    }

    private static List<Synonym> synonyms(LogSetting setting, Map<String, String> broker, Object override) {
        List<Synonym> found = new ArrayList<>(3);
        if (override != null) {
            found.add(new Synonym(setting.topicName(), LogSetting.text(override), Source.TOPIC));
        }
        boolean primaryFound = false;
        for (String name : setting.brokerNames()) {
            String value = broker.get(name);
            primaryFound |= value != null && name.equals(setting.brokerNames().get(0));
            if (value != null && primaryFound) {
                found.add(new Synonym(name, value.trim(), Source.BROKER));
            }
        }
        if (primaryFound || setting.brokerNames().size() == 1) {
            found.add(new Synonym(setting.lastBrokerName(), setting.brokerDefault(), Source.DEFAULT));
        }
        return found;
    }

    /** {@return the parsed value of a setting: Boolean, String, Integer, Long, Double or list of String} */
    public Object of(LogSetting setting) {
        return parsed[setting.ordinal()];
    }

    private long longOf(LogSetting setting) {
        return (Long) of(setting);
    }

    /** {@return {@code segment.bytes}} */
    public int segmentBytes() {
        return segmentBytes;
    }

    /** {@return {@code segment.ms}} */
    public long segmentMs() {
        return segmentMs;
    }

    /** {@return how old a segment may become: of a compacted log no older than {@code max.compaction.lag.ms} lets wait} */
    public long maxSegmentMs() {
        return maxSegmentMs;
    }

    /** {@return {@code segment.jitter.ms}, at most {@code segment.ms}} */
    public long segmentJitterMs() {
        return Math.min(longOf(LogSetting.SEGMENT_JITTER_MS), segmentMs);
    }

    /** {@return {@code segment.index.bytes}} */
    public int segmentIndexBytes() {
        return (Integer) of(LogSetting.SEGMENT_INDEX_BYTES);
    }

    /** {@return {@code index.interval.bytes}} */
    public int indexIntervalBytes() {
        return indexIntervalBytes;
    }

    /** {@return {@code max.message.bytes}} */
    public int maxMessageBytes() {
        return (Integer) of(LogSetting.MAX_MESSAGE_BYTES);
    }

    /** {@return whether {@code message.timestamp.type} is LogAppendTime} */
    public boolean logAppendTime() {
        return logAppendTime;
    }

    /** {@return how far behind the broker's clock a record's timestamp may be, ms} */
    public long timestampBeforeMaxMs() {
        long before = longOf(LogSetting.MESSAGE_TIMESTAMP_BEFORE_MAX_MS);
        return before != Long.MAX_VALUE ? before : longOf(LogSetting.MESSAGE_TIMESTAMP_DIFFERENCE_MAX_MS);
    }

    /** {@return how far ahead of the broker's clock a record's timestamp may be, ms} */
    public long timestampAfterMaxMs() {
        long after = longOf(LogSetting.MESSAGE_TIMESTAMP_AFTER_MAX_MS);
        return after != Long.MAX_VALUE ? after : longOf(LogSetting.MESSAGE_TIMESTAMP_DIFFERENCE_MAX_MS);
    }

    /** {@return {@code compression.type}: a codec's name, {@code uncompressed} or {@code producer}} */
    public String compressionType() {
        return (String) of(LogSetting.COMPRESSION_TYPE);
    }

    /** {@return {@code message.downconversion.enable}: whether readers who know no record batches get them converted} */
    public boolean convertsDown() {
        return (Boolean) of(LogSetting.MESSAGE_DOWNCONVERSION_ENABLE);
    }

    /** {@return whether {@code cleanup.policy} includes compact} */
    public boolean compact() {
        return ((List<?>) of(LogSetting.CLEANUP_POLICY)).contains("compact");
    }

    /** {@return whether {@code cleanup.policy} includes delete} */
    public boolean delete() {
        return ((List<?>) of(LogSetting.CLEANUP_POLICY)).contains("delete");
    }

    /** {@return whether nothing says what the settings are: see {@link LogSetting#UNCONFIRMED}} */
    public boolean unconfirmed() {
        return (Boolean) of(LogSetting.SETTINGS_UNCONFIRMED);
    }

    /** {@return whether compaction is to run} */
    public boolean compactsNow() {
        return compact() && !unconfirmed();
    }

    /** {@return whether retention by time and size is to run} */
    public boolean deletesNow() {
        return delete() && !unconfirmed();
    }

    /** {@return whether records may be missing between others because the log has been compacted, by whomever} */
    public boolean mayBeCompacted() {
        return compact() || unconfirmed();
    }

    /** {@return {@code min.insync.replicas}} */
    public int minInsyncReplicas() {
        return (Integer) of(LogSetting.MIN_INSYNC_REPLICAS);
    }

    /** {@return {@code unclean.leader.election.enable}} */
    public boolean uncleanLeaderElectionEnable() {
        return (Boolean) of(LogSetting.UNCLEAN_LEADER_ELECTION_ENABLE);
    }

    /** {@return {@code flush.messages}} */
    public long flushMessages() {
        return flushMessages;
    }

    /** {@return {@code flush.ms}} */
    public long flushMs() {
        return longOf(LogSetting.FLUSH_MS);
    }

    /** {@return {@code retention.ms}, -1 for no limit} */
    public long retentionMs() {
        return longOf(LogSetting.RETENTION_MS);
    }

    /** {@return {@code retention.bytes}, -1 for no limit} */
    public long retentionBytes() {
        return longOf(LogSetting.RETENTION_BYTES);
    }

    /** {@return {@code delete.retention.ms}} */
    public long deleteRetentionMs() {
        return longOf(LogSetting.DELETE_RETENTION_MS);
    }

    /** {@return {@code file.delete.delay.ms}} */
    public long fileDeleteDelayMs() {
        return longOf(LogSetting.FILE_DELETE_DELAY_MS);
    }

    /** {@return {@code min.cleanable.dirty.ratio}} */
    public double minCleanableDirtyRatio() {
        return (Double) of(LogSetting.MIN_CLEANABLE_DIRTY_RATIO);
    }

    /** {@return {@code min.compaction.lag.ms}} */
    public long minCompactionLagMs() {
        return longOf(LogSetting.MIN_COMPACTION_LAG_MS);
    }

    /** {@return {@code max.compaction.lag.ms}} */
    public long maxCompactionLagMs() {
        return longOf(LogSetting.MAX_COMPACTION_LAG_MS);
    }
}
