package io.odradek.server.tools.performance;

import io.odradek.server.json.Json;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** The lines of results of a producer that is measured: in the words of Kafka's, or a JSON object each. */
final class SendReport {
    private final Consumer<String> lines;
    private final boolean json;

    SendReport(Consumer<String> lines, boolean json) {
        this.lines = lines;
        this.json = json;
    }

    /** Tells that the first records are no part of the second total. */
    void warmup(long records) {
        words("Warmup first " + records + " records. Steady state results will print after the complete test summary.");
    }

    void steadyFromNow() {
        words("In steady state.");
    }

    void readingPayloads(String file) {
        words("Reading payloads from: " + file);
    }

    void payloadsRead(int count) {
        words("Number of messages read: " + count);
    }

    void interval(Stretch interval, long endNanos) {
        if (json) {
            lines.accept(Json.text(json("interval", interval, endNanos)));
            return;
        }
        lines.accept(String.format(
                Locale.ROOT,
                "%d records sent, %.1f records/sec (%.2f MB/sec), %.1f ms avg latency, %.1f ms max latency.",
                interval.records(),
                interval.recordsPerSecond(endNanos),
                interval.megabytesPerSecond(endNanos),
                interval.latencies().averageMs(),
                interval.latencies().maxMs()));
    }

    /** @param steady what came after the warm-up; null if nothing has @param metrics for programs; null for none */
    void total(Stretch all, Stretch steady, long failed, long endNanos, Object metrics) {
        if (!json) {
            lines.accept(total("", all, endNanos));
            if (steady != null) {
                lines.accept(total(" steady state", steady, endNanos));
            }
            return;
        }
        Map<String, Object> total = json("total", all, endNanos);
        total.put("failed", failed);
        total.put("latency", HistogramText.json(all.latencies()));
        if (steady != null) {
            Map<String, Object> after = json("steady", steady, endNanos);
            after.remove("type");
            after.put("latency", HistogramText.json(steady.latencies()));
            total.put("steady", after);
        }
        if (metrics != null) {
            total.put("metrics", metrics);
        }
        lines.accept(Json.text(total));
    }

    private void words(String line) {
        if (!json) {
            lines.accept(line);
        }
    }

    private static String total(String kind, Stretch stretch, long endNanos) {
        LatencyHistogram latencies = stretch.latencies();
        return String.format(
                Locale.ROOT,
                "%d%s records sent, %f records/sec (%.2f MB/sec), %.2f ms avg latency, %.2f ms max latency,"
                        + " %d ms 50th, %d ms 95th, %d ms 99th, %d ms 99.9th.",
                stretch.records(),
                kind,
                stretch.recordsPerSecond(endNanos),
                stretch.megabytesPerSecond(endNanos),
                latencies.averageMs(),
                latencies.maxMs(),
                Math.round(latencies.percentileMs(0.5)),
                Math.round(latencies.percentileMs(0.95)),
                Math.round(latencies.percentileMs(0.99)),
                Math.round(latencies.percentileMs(0.999)));
    }

    private static Map<String, Object> json(String type, Stretch stretch, long endNanos) {
        return Json.object(
                "type",
                type,
                "records",
                stretch.records(),
                "recordsPerSecond",
                stretch.recordsPerSecond(endNanos),
                "megabytesPerSecond",
                stretch.megabytesPerSecond(endNanos),
                "averageLatencyMs",
                stretch.latencies().averageMs(),
                "maxLatencyMs",
                stretch.latencies().maxMs());
    }
}
