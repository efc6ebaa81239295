package io.odradek.server.tools.performance;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** What a client has counted, by name. */
final class ClientMetrics {
    private ClientMetrics() {}

    /** {@return values by their names, as Kafka's tools print them} */
    static Map<String, Object> of(Map<MetricName, ? extends Metric> metrics) {
        Map<String, Object> values = new TreeMap<>();
        metrics.forEach((name, metric) ->
                values.put(name.group() + ":" + name.name() + ":" + name.tags(), metric.metricValue()));
        return values;
    }

    /** Prints them as Kafka's tools do, below an empty line. */
    static void print(Map<String, Object> metrics, Consumer<String> lines) {
        int width = metrics.keySet().stream().mapToInt(String::length).max().orElse(1);
        lines.accept("");
        lines.accept(String.format(Locale.ROOT, "%-" + width + "s   Value", "Metric Name"));
        metrics.forEach((name, value) -> lines.accept(String.format(
                Locale.ROOT, "%-" + width + "s : %" + (value instanceof Double ? ".3f" : "s"), name, value)));
    }
}
