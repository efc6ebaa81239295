package io.odradek.storage.log;

import io.odradek.storage.env.Meters;
import java.util.List;

/**
 * What is counted of logs: {@code log.flush.time}, what a force takes, of all together; and of each where it begins and ends and
 * how large it is, until it is closed.
 */
final class LogMeters {
    private final Meters.Timer flush;
    private final List<Meters.Gauge> gauges;

    LogMeters(LogState log) {
        Meters meters = log.context.guests().meters();
        flush = meters.timer("log.flush.time");
        String[] tags = {"topic", log.id.topic(), "partition", Integer.toString(log.id.partition())};
        gauges = meters.kept()
                ? List.of(
                        meters.gauge("log.start.offset", () -> log.startOffset, tags),
                        meters.gauge("log.end.offset", () -> log.endOffset, tags),
                        meters.gauge("log.size", log.segments::sizeBytes, tags),
                        meters.gauge("log.segments", () -> log.segments.all().length, tags))
                : List.of();
    }

    void flushed(long nanoseconds) {
        flush.took(nanoseconds);
    }

    /** Shows nothing of it any more. */
    void close() {
        gauges.forEach(Meters.Gauge::close);
    }
}
