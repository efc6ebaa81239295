package io.odradek.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.odradek.server.env.SystemClock;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Meters that are not the broker's are shown as Micrometer's own registry for Prometheus shows them. */
class OthersTextTest {
    private final BrokerRegistry registry = new BrokerRegistry(new SystemClock());
    private final PrometheusMeterRegistry micrometers = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @AfterEach
    void leaveNoListenerInThisJvm() {
        registry.close();
        micrometers.close();
    }

    @Test
    void theJvmIsShownAsMicrometerShowsIt() throws Exception {
        Set<String> shown = heads(text());
        try (JvmMeters bound = JvmMeters.bind(micrometers)) {
            assertThat(bound).isNotNull();
            micrometers.timer("jvm.gc.pause").record(1, TimeUnit.SECONDS);
            assertThat(shown).containsAll(without("jvm_gc_pause", heads(micrometers.scrape())));
            assertThat(series(text()))
                    .contains("jvm_memory_used_bytes{area,id}", "process_cpu_usage", "process_files_open_files")
                    .containsAll(without("jvm_gc_", series(micrometers.scrape())));
        }
    }

    @Test
    void everyKindOfMeterIsShownAsMicrometerShowsIt() throws Exception {
        putOneOfEach(registry);
        putOneOfEach(micrometers);

        assertThat(lines(text())).containsAll(lines(micrometers.scrape()));
    }

    private static void putOneOfEach(MeterRegistry to) {
        Counter.builder("a.count")
                .baseUnit("cups")
                .description("of \\ tea")
                .tags("kind", "gre\"en")
                .register(to)
                .increment(2.5);
        Gauge.builder("b.gauge", () -> 0.25).baseUnit("cups").register(to);
        Timer.builder("c.timer").tags("x", "1").register(to).record(1_500, TimeUnit.MILLISECONDS);
        DistributionSummary.builder("d.summary").baseUnit("bytes").register(to).record(17);
        FunctionTimer.builder("e.timer", "", any -> 3, any -> 6_000, TimeUnit.MILLISECONDS)
                .register(to);
        LongTaskTimer.builder("f.tasks").register(to);
    }

    private String text() throws IOException {
        StringBuilder out = new StringBuilder();
        registry.writeTo(out);
        return out.toString();
    }

    /** {@return lines that say something, numbers written in one way} */
    private static Set<String> lines(String text) {
        Set<String> lines = new TreeSet<>();
        for (String line : text.split("\n")) {
            if (line.matches("# HELP \\S+ *")) {
                continue;
            }
            int space = line.lastIndexOf(' ');
            lines.add(
                    line.startsWith("#")
                            ? line.strip()
                            : line.substring(0, space) + " " + Double.parseDouble(line.substring(space + 1)));
        }
        return lines;
    }

    private static Set<String> heads(String text) {
        Set<String> heads = new TreeSet<>();
        Arrays.stream(text.split("\n")).filter(line -> line.startsWith("#")).forEach(heads::add);
        return heads;
    }

    /** {@return names with those of their labels} */
    private static Set<String> series(String text) {
        Set<String> series = new TreeSet<>();
        for (String line : text.split("\n")) {
            if (!line.startsWith("#")) {
                series.add(line.substring(0, line.lastIndexOf(' ')).replaceAll("=\"[^\"]*\"", ""));
            }
        }
        return series;
    }

    /** What happens only when the collector runs is told by chance. */
    private static Set<String> without(String start, Set<String> all) {
        Set<String> left = new TreeSet<>(all);
        left.removeIf(line -> line.contains(start));
        return left;
    }
}
