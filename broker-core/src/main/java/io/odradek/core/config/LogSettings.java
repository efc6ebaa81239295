package io.odradek.core.config;

import static io.odradek.core.config.Allowed.ANY;
import static io.odradek.core.config.Allowed.atLeast;
import static io.odradek.core.config.Allowed.between;
import static io.odradek.core.config.Allowed.betweenOr;
import static io.odradek.core.config.Allowed.oneOf;

/** Log folders and the defaults of topics: segments, retention, compaction, flushing, timestamps, compression. */
final class LogSettings {
    private LogSettings() {}

    static void declare(SettingTable table) {
        declareFolders(table);
        declareSegments(table);
        declareRetention(table);
        declareCleaner(table);
        declareFlush(table);
        declareMessages(table);
        declareCompression(table);
        declareIgnored(table);
    }

    private static void declareFolders(SettingTable table) {
        table.text("log.dir", "/tmp/kafka-logs", "The log folder where log.dirs is not set");
        table.items("log.dirs", null, "The log folders");
    }

    private static void declareSegments(SettingTable table) {
        table.int32("log.segment.bytes", 1073741824, atLeast(14), "Size at which a segment is rolled");
        table.int64("log.roll.ms", null, atLeast(1), "Age at which a segment is rolled; before log.roll.hours");
        table.int32("log.roll.hours", 168, atLeast(1), "Age at which a segment is rolled, in hours");
        table.int64(
                "log.roll.jitter.ms", null, atLeast(0), "Taken off that age at random; before log.roll.jitter.hours");
        table.int32("log.roll.jitter.hours", 0, atLeast(0), "Taken off that age at random, in hours");
        table.int32("log.index.size.max.bytes", 10485760, atLeast(4), "The largest offset index of a segment");
        table.int32("log.index.interval.bytes", 4096, atLeast(0), "Bytes of log for each index entry");
        table.flag("log.preallocate", false, "Kept for compatibility; a file grows as it is written");
        table.int32(
                "odradek.closed.segments.max.open.files",
                512,
                atLeast(1),
                "Files of closed segments, up to four each, that stay open between reads, in the whole broker");
        table.int32(
                "odradek.recovery.left.out.max",
                10,
                atLeast(0),
                "Recoveries of a partition whose left-out batches are kept beside it as *.log.left-out.N; what a further one"
                        + " leaves out is deleted until an operator has deleted those");
        table.int64("log.segment.delete.delay.ms", 60000L, atLeast(0), "Wait before a removed segment's files go");
        table.int64("log.initial.task.delay.ms", 30000L, atLeast(0), "Wait after start before retention first runs");
    }

    private static void declareRetention(SettingTable table) {
        table.int64(
                "log.retention.ms", null, ANY, "How long segments are kept, -1 for ever; before log.retention.minutes");
        table.int32(
                "log.retention.minutes",
                null,
                ANY,
                "How long segments are kept, in minutes; before log.retention.hours");
        table.int32("log.retention.hours", 168, ANY, "How long segments are kept, in hours");
        table.int64("log.retention.bytes", -1L, ANY, "Bytes of a partition that are kept, -1 for all");
        table.int64("log.local.retention.ms", -2L, atLeast(-2), "Kept for compatibility; there is no tiered storage");
        table.int64(
                "log.local.retention.bytes", -2L, atLeast(-2), "Kept for compatibility; there is no tiered storage");
        table.int64(
                "log.retention.check.interval.ms", 300000L, atLeast(1), "How often segments to delete are looked for");
        table.list("log.cleanup.policy", "delete", oneOf("compact", "delete"), "What becomes of old segments");
    }

    private static void declareCleaner(SettingTable table) {
        table.flag("log.cleaner.enable", true, "Whether compacted topics are cleaned");
        table.int32("log.cleaner.threads", 1, atLeast(0), "Cleaner loops");
        table.real(
                "log.cleaner.io.max.bytes.per.second", Double.MAX_VALUE, ANY, "Upper bound of the cleaners' traffic");
        table.int64(
                "log.cleaner.dedupe.buffer.size",
                134217728L,
                ANY,
                "Memory for the cleaners' offset maps, a fifth of the heap at most");
        table.int32("log.cleaner.io.buffer.size", 524288, atLeast(0), "Memory for the cleaners' reads and writes");
        table.real("log.cleaner.io.buffer.load.factor", 0.9, ANY, "How full an offset map may become");
        table.int64("log.cleaner.backoff.ms", 15000L, atLeast(0), "Wait when there is nothing to clean");
        table.real(
                "log.cleaner.min.cleanable.ratio", 0.5, between(0, 1), "Dirty part of a log from which it is cleaned");
        table.int64("log.cleaner.delete.retention.ms", 86400000L, atLeast(0), "How long tombstones stay");
        table.int64("log.cleaner.min.compaction.lag.ms", 0L, atLeast(0), "Age before which a record is not compacted");
        table.int64(
                "log.cleaner.max.compaction.lag.ms",
                Long.MAX_VALUE,
                atLeast(1),
                "Age at which a record must be compacted");
    }

    private static void declareFlush(SettingTable table) {
        table.word(
                "log.flush.policy",
                "interval",
                oneOf("interval", "commit"),
                "When logs are forced to the disk: by the intervals below, as Kafka does, or everything before it is"
                        + " acknowledged");
        table.int32(
                "odradek.commit.threads.per.data.dir",
                8,
                atLeast(1),
                "Threads, started when needed, that force logs of one folder before records are acknowledged");
        table.int64("log.flush.interval.messages", Long.MAX_VALUE, atLeast(1), "Records after which a log is forced");
        table.int64("log.flush.interval.ms", null, ANY, "Time after which a log is forced");
        table.int64("log.flush.scheduler.interval.ms", Long.MAX_VALUE, ANY, "How often logs to force are looked for");
        table.int32(
                "log.flush.offset.checkpoint.interval.ms", 60000, atLeast(0), "How often recovery points are saved");
        table.int32(
                "log.flush.start.offset.checkpoint.interval.ms", 60000, atLeast(0), "How often log starts are saved");
    }

    private static void declareMessages(SettingTable table) {
        table.int32("message.max.bytes", 1048588, atLeast(0), "The largest record batch");
        table.word(
                "log.message.timestamp.type",
                "CreateTime",
                oneOf("CreateTime", "LogAppendTime"),
                "Whose clock record timestamps show");
        table.int64(
                "log.message.timestamp.difference.max.ms", Long.MAX_VALUE, atLeast(0), "Older form of the two below");
        table.int64("log.message.timestamp.before.max.ms", Long.MAX_VALUE, atLeast(0), "How old a timestamp may be");
        table.int64(
                "log.message.timestamp.after.max.ms", Long.MAX_VALUE, atLeast(0), "How far ahead a timestamp may be");
        table.word(
                "log.message.format.version",
                "3.0-IV1",
                ANY,
                "Checked as by Kafka; records are written in format 2 all the same");
        table.flag(
                "log.message.downconversion.enable",
                true,
                "Whether records are converted for clients that know only the formats before 2");
        table.int32("odradek.fetch.conversions", 2, atLeast(1), "Fetches of such clients that are converted at a time");
        table.int32(
                "odradek.fetch.conversion.max.bytes",
                8388608,
                atLeast(1024),
                "What such a client is given at a time, but for one message that is larger");
        table.flag(
                "odradek.records.validate.compressed",
                true,
                "Whether compressed batches of producers are opened and their records checked even where nothing inside"
                        + " is needed");
        table.int32(
                "odradek.records.max.inflated.bytes",
                134217728,
                atLeast(1024),
                "What the records of one compressed batch may inflate to; a batch that inflates to more is refused");
        table.int32(
                "odradek.records.on.loop.max.bytes",
                1048576,
                atLeast(1024),
                "What a batch may have, inflated, to be checked by the owner of its partition; larger ones are checked in"
                        + " the background, and hold up nobody else");
        table.int32(
                "odradek.records.background.checks",
                2,
                atLeast(1),
                "Larger batches checked in the background at a time");
        table.int32("producer.id.expiration.ms", 86400000, atLeast(1), "How long an idle producer's state is kept");
        table.int32("max.producer.ids.per.partition", 100000, atLeast(1), "Producers a partition remembers, at most");
        table.int32(
                "producer.id.expiration.check.interval.ms", 600000, atLeast(1), "How often such state is looked for");
    }

    private static void declareCompression(SettingTable table) {
        table.word(
                "compression.type",
                "producer",
                oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
                "The codec of stored batches; producer keeps them as sent");
        table.int32("compression.gzip.level", -1, betweenOr(1, 9, -1), "gzip's level where the broker compresses");
        table.int32("compression.lz4.level", 9, between(1, 17), "lz4's level where the broker compresses");
        table.int32("compression.zstd.level", 3, between(-131072, 22), "zstd's level where the broker compresses");
    }

    /** Known to Kafka, and without effect here. */
    private static void declareIgnored(SettingTable table) {
        table.effect(Setting.Effect.NONE);
        table.int64("log.dir.failure.timeout.ms", 30000L, atLeast(1), "How long a failed folder may go unreported");
        table.effect(Setting.Effect.SERVED);
    }
}
