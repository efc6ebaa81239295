package io.odradek.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Meters that are not the broker's, under the names that Micrometer's own registry for Prometheus gives them: words joined by
 * {@code _}, the unit at the end, {@code _total} behind what is counted, and times in seconds.
 */
final class OthersText {
    private static final TimeUnit UNIT = TimeUnit.SECONDS;

    private OthersText() {}

    /** What is shown of one meter. @param part follows the name */
    private record Sample(String part, String labels, double value) {}

    /** Writes meters of one name; what is of another kind than the first of them has no place there, and is left out. */
    static void write(Samples samples, String name, List<Meter> meters) throws IOException {
        Meter first = meters.get(0);
        String shown = shown(name, first.getId());
        Map<String, List<Sample>> parts = new TreeMap<>();
        for (Meter meter : meters) {
            if (meter.getId().getType() == first.getId().getType()) {
                for (Sample sample : samples(meter)) {
                    boolean apart = sample.part().equals("_max");
                    parts.computeIfAbsent(apart ? sample.part() : "", any -> new ArrayList<>())
                            .add(sample);
                }
            }
        }
        for (Map.Entry<String, List<Sample>> part : parts.entrySet()) {
            String type = part.getKey().isEmpty() ? type(first.getId().getType()) : "gauge";
            samples.head(shown + part.getKey(), type, first.getId().getDescription());
            for (Sample sample : part.getValue()) {
                samples.add(shown + sample.part(), sample.labels(), sample.value());
            }
        }
    }

    private static List<Sample> samples(Meter meter) {
        String labels = labels(meter.getId());
        if (meter instanceof Counter counter) {
            return List.of(new Sample("", labels, counter.count()));
        } else if (meter instanceof FunctionCounter counter) {
            return List.of(new Sample("", labels, counter.count()));
        } else if (meter instanceof TimeGauge gauge) {
            return List.of(new Sample("", labels, gauge.value(UNIT)));
        } else if (meter instanceof Gauge gauge) {
            return List.of(new Sample("", labels, gauge.value()));
        } else if (meter instanceof Timer timer) {
            return summary(labels, timer.count(), timer.totalTime(UNIT), timer.max(UNIT));
        } else if (meter instanceof LongTaskTimer timer) {
            return summary(labels, timer.activeTasks(), timer.duration(UNIT), timer.max(UNIT));
        } else if (meter instanceof DistributionSummary summary) {
            return summary(labels, summary.count(), summary.totalAmount(), summary.max());
        } else if (meter instanceof FunctionTimer timer) {
            return summary(labels, timer.count(), timer.totalTime(UNIT), Double.NaN);
        }
        List<Sample> all = new ArrayList<>();
        for (Measurement measurement : meter.measure()) {
            StringBuilder more = new StringBuilder(labels);
            Samples.label(more, "statistic", measurement.getStatistic().getTagValueRepresentation());
            all.add(new Sample("", more.toString(), measurement.getValue()));
        }
        return all;
    }

    private static List<Sample> summary(String labels, double count, double sum, double max) {
        List<Sample> all = new ArrayList<>();
        all.add(new Sample("_count", labels, count));
        all.add(new Sample("_sum", labels, sum));
        if (!Double.isNaN(max)) {
            all.add(new Sample("_max", labels, max));
        }
        return all;
    }

    private static String labels(Meter.Id id) {
        StringBuilder labels = new StringBuilder();
        for (Tag tag : id.getTagsAsIterable()) {
            Samples.label(labels, tag.getKey(), tag.getValue());
        }
        return labels.toString();
    }

    private static String shown(String name, Meter.Id id) {
        String shown = Samples.word(name);
        String unit = id.getBaseUnit();
        switch (id.getType()) {
            case TIMER, LONG_TASK_TIMER -> unit = "seconds";
            case OTHER -> unit = null;
            default -> {}
        }
        if (unit != null && !unit.isEmpty()) {
            shown = ending(shown, "_" + Samples.word(unit));
        }
        return id.getType() == Meter.Type.COUNTER ? ending(shown, "_total") : shown;
    }

    private static String ending(String name, String end) {
        return name.endsWith(end) ? name : name + end;
    }

    private static String type(Meter.Type type) {
        return switch (type) {
            case COUNTER -> "counter";
            case GAUGE -> "gauge";
            case OTHER -> "untyped";
            default -> "summary";
        };
    }
}
