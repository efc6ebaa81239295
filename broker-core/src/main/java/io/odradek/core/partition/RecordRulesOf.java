package io.odradek.core.partition;

import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.RecordRules;
import io.odradek.protocol.record.TimestampType;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogSetting;

/**
 * The rules that a log's records are validated by: made of its settings and the broker's limits, again when the settings
 * have changed. Belongs to the log's owner.
 */
final class RecordRulesOf {
    private final RecordLimits limits;
    private LogConfig config;
    private RecordRules unbounded;
    private RecordRules onLoop;
    private RecordRules ofSets;

    RecordRulesOf(RecordLimits limits) {
        this.limits = limits;
    }

    /** {@return the rules} */
    RecordRules unbounded(LogConfig current) {
        renew(current);
        return unbounded;
    }

    /** {@return the same, with a bound of what may be inflated on the owner's loop} */
    RecordRules onLoop(LogConfig current) {
        renew(current);
        return onLoop;
    }

    /** {@return the same for message sets; made when it is asked for} */
    RecordRules ofSets(LogConfig current) {
        renew(current);
        if (ofSets == null) {
            ofSets = rules(current, Math.min(limits.convertedBytes(), limits.maxInflatedBytes()));
        }
        return ofSets;
    }

    private void renew(LogConfig current) {
        if (current != config) {
            unbounded = rules(current, limits.maxInflatedBytes());
            onLoop = rules(current, Math.min(limits.bytesOnLoop(), limits.maxInflatedBytes()));
            ofSets = null;
            config = current;
        }
    }

    private RecordRules rules(LogConfig config, int maxInflatedBytes) {
        TimestampType type = config.logAppendTime() ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
        return new RecordRules(
                config.maxMessageBytes(),
                new RecordRules.Timestamps(type, config.timestampBeforeMaxMs(), config.timestampAfterMaxMs()),
                config.compact(),
                target(config),
                limits.openCompressed(),
                maxInflatedBytes);
    }

    private static RecordRules.Target target(LogConfig config) {
        return switch (config.compressionType()) {
            case "uncompressed" -> new RecordRules.Target(CompressionCodec.NONE, CompressionCodec.DEFAULT_LEVEL);
            case "gzip" -> target(config, CompressionCodec.GZIP, LogSetting.COMPRESSION_GZIP_LEVEL);
            case "lz4" -> target(config, CompressionCodec.LZ4, LogSetting.COMPRESSION_LZ4_LEVEL);
            case "zstd" -> target(config, CompressionCodec.ZSTD, LogSetting.COMPRESSION_ZSTD_LEVEL);
            case "snappy" -> new RecordRules.Target(CompressionCodec.SNAPPY, CompressionCodec.DEFAULT_LEVEL);
            default -> null;
        };
    }

    private static RecordRules.Target target(LogConfig config, CompressionCodec codec, LogSetting level) {
        return new RecordRules.Target(codec, (Integer) config.of(level));
    }
}
