package io.odradek.server.tools.performance;

import io.odradek.server.json.Json;
import io.odradek.server.tools.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Shows a histogram: a line with a bar for each step of 1, 2, 5, 10 and so on milliseconds, and what most were done within. */
final class HistogramText {
    private static final int BAR_COLUMNS = 40;
    private static final long FIRST_STEP_MICROS = 10;
    private static final long[] STEPS = {1, 2, 5};
    /** The shares that Kafka's tools tell. */
    private static final double[] SHARES = {0.5, 0.95, 0.99, 0.999};

    /** Those that took less than the step, but not less than the one before. */
    private record Row(long belowMicros, long count) {}

    private HistogramText() {}

    /**
     * Prints it: as a result if it is asked for, or else for who looks at standard error.
     *
     * @param asked whether it is a result
     * @param what what is counted
     */
    static void print(Terminal terminal, boolean asked, String what, LatencyHistogram histogram) {
        if (asked) {
            lines(what, histogram).forEach(terminal::line);
        } else if (terminal.isFollowed()) {
            terminal.out().flush();
            lines(what, histogram).forEach(terminal.err()::println);
        }
    }

    /** {@return its lines; none without anything in it} @param what what is counted */
    static List<String> lines(String what, LatencyHistogram histogram) {
        List<Row> rows = rows(histogram);
        List<String> lines = new ArrayList<>();
        if (rows.isEmpty()) {
            return lines;
        }
        lines.add(String.format(
                Locale.ROOT, "%s: %,d, on average %.2f ms", what, histogram.count(), histogram.averageMs()));
        long most = rows.stream().mapToLong(Row::count).max().orElse(1);
        for (Row row : rows) {
            String bar = "#".repeat((int) ((row.count * BAR_COLUMNS + most - 1) / most));
            lines.add(String.format(
                            Locale.ROOT,
                            "  below %8s ms %,14d  %5.1f %%  %s",
                            ms(row.belowMicros),
                            row.count,
                            100.0 * row.count / histogram.count(),
                            bar)
                    .stripTrailing());
        }
        StringBuilder within = new StringBuilder("  ");
        for (double share : SHARES) {
            within.append(percent(share))
                    .append(String.format(Locale.ROOT, " %% within %.2f, ", histogram.percentileMs(share)));
        }
        lines.add(within.append(String.format(Locale.ROOT, "all within %.2f ms", histogram.maxMs()))
                .toString());
        return lines;
    }

    /** {@return the same for programs} */
    static Map<String, Object> json(LatencyHistogram histogram) {
        Map<String, Object> percentiles = Json.object();
        for (double share : SHARES) {
            percentiles.put(percent(share), histogram.percentileMs(share));
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Row row : rows(histogram)) {
            rows.add(Json.object("belowMs", row.belowMicros / 1e3, "count", row.count));
        }
        return Json.object(
                "count",
                histogram.count(),
                "averageMs",
                histogram.averageMs(),
                "maxMs",
                histogram.maxMs(),
                "percentilesMs",
                percentiles,
                "histogram",
                rows);
    }

    /** From the first to the last step that anything is in. */
    private static List<Row> rows(LatencyHistogram histogram) {
        List<Row> rows = new ArrayList<>();
        long seen = 0;
        for (long power = FIRST_STEP_MICROS; seen < histogram.count(); power *= 10) {
            for (long step : STEPS) {
                long below = histogram.below(power * step);
                if (below > 0 && seen < histogram.count()) {
                    rows.add(new Row(power * step, below - seen));
                    seen = below;
                }
            }
        }
        return rows;
    }

    private static String ms(long micros) {
        return micros % 1_000 == 0 ? String.format(Locale.ROOT, "%,d", micros / 1_000) : Double.toString(micros / 1e3);
    }

    private static String percent(double share) {
        return share == 0.999 ? "99.9" : Integer.toString((int) Math.round(share * 100));
    }
}
