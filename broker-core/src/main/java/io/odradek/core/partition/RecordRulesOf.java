package io.odradek.core.partition;

import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.RecordRules;
import io.odradek.protocol.record.TimestampType;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogSetting;

/** Makes of a log's settings and the broker's limits the rules that its records are validated by. */
final class RecordRulesOf {
    private RecordRulesOf() {}

    /** {@return the rules} @param maxInflatedBytes what may be inflated */
    static RecordRules config(LogConfig config, RecordLimits limits, int maxInflatedBytes) {
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
