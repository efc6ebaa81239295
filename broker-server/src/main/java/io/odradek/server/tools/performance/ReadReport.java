package io.odradek.server.tools.performance;

import io.odradek.server.json.Json;
import io.odradek.server.tools.UsageException;
import java.text.SimpleDateFormat;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** The lines of results of a consumer that is measured: the columns of Kafka's, or a JSON object each. */
final class ReadReport {
    private static final double MEBIBYTE = 1024.0 * 1024.0;
    private static final String RATES =
            "data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms,"
                    + " fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec";

    private final Consumer<String> lines;
    private final SimpleDateFormat dates;
    private final boolean json;

    /**
     * What was read from one moment to another.
     *
     * @param startMs when it began, and {@code endMs} when it ended, as all times in milliseconds
     * @param joiningMs how much of that it had no partitions
     */
    record Span(long startMs, long endMs, long bytes, long records, long joiningMs) {
        private long fetchMs() {
            return endMs - startMs - joiningMs;
        }

        private double perSecond(double amount) {
            return rate(amount, endMs - startMs);
        }

        private double perFetchSecond(double amount) {
            return rate(amount, fetchMs());
        }

        private double megabytes() {
            return bytes / MEBIBYTE;
        }

        private static double rate(double amount, long ms) {
            return ms <= 0 ? 0 : amount * 1e3 / ms;
        }
    }

    /**
     * @param dateFormat how times are printed
     * @throws UsageException if that is none
     */
    ReadReport(Consumer<String> lines, String dateFormat, boolean json) {
        this.lines = lines;
        this.json = json;
        try {
            dates = new SimpleDateFormat(dateFormat, Locale.ROOT);
        } catch (IllegalArgumentException wrong) {
            throw new UsageException("\"" + dateFormat + "\" is no --date-format: " + wrong.getMessage());
        }
    }

    /** @param detailed whether there are lines for intervals, and none at the end */
    void header(boolean detailed) {
        if (!json) {
            lines.accept((detailed ? "time, threadId, " : "start.time, end.time, ") + RATES);
        }
    }

    /** Tells of an interval. @param all what has been read since the beginning */
    void interval(Span interval, Span all) {
        if (json) {
            lines.accept(Json.text(json("interval", interval)));
        } else {
            lines.accept(date(interval.endMs) + ", 0, " + rates(interval, all));
        }
    }

    void total(Span all) {
        lines.accept(date(all.startMs) + ", " + date(all.endMs) + ", " + rates(all, all));
    }

    /** @param waits how long it waited for records @param metrics of the consumer; null for none */
    void total(Span all, LatencyHistogram waits, boolean timedOut, Object metrics) {
        Map<String, Object> total = json("total", all);
        total.put("timedOut", timedOut);
        total.put("wait", HistogramText.json(waits));
        if (metrics != null) {
            total.put("metrics", metrics);
        }
        lines.accept(Json.text(total));
    }

    void timedOut(long timeoutMs) {
        if (!json) {
            lines.accept("WARNING: Exiting before consuming the expected number of messages: timeout (" + timeoutMs
                    + " ms) exceeded. You can use the --timeout option to increase the timeout.");
        }
    }

    private String date(long ms) {
        return dates.format(new Date(ms));
    }

    private static String rates(Span span, Span all) {
        return String.format(
                Locale.ROOT,
                "%.4f, %.4f, %d, %.4f, %d, %d, %.4f, %.4f",
                all.megabytes(),
                span.perSecond(span.megabytes()),
                all.records,
                span.perSecond(span.records),
                span.joiningMs,
                span.fetchMs(),
                span.perFetchSecond(span.megabytes()),
                span.perFetchSecond(span.records));
    }

    private static Map<String, Object> json(String type, Span span) {
        return Json.object(
                "type",
                type,
                "startMs",
                span.startMs,
                "endMs",
                span.endMs,
                "records",
                span.records,
                "recordsPerSecond",
                span.perSecond(span.records),
                "megabytes",
                span.megabytes(),
                "megabytesPerSecond",
                span.perSecond(span.megabytes()),
                "rebalanceMs",
                span.joiningMs,
                "fetchMs",
                span.fetchMs(),
                "fetchedRecordsPerSecond",
                span.perFetchSecond(span.records),
                "fetchedMegabytesPerSecond",
                span.perFetchSecond(span.megabytes()));
    }
}
