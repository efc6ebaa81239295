package io.odradek.server.metrics;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All that is counted, in Prometheus' text format: under the names that the usual rules of Prometheus' JMX exporter give Kafka's
 * metrics where Kafka has them, and under {@code odradek_...}, with times in seconds, where it does not.
 */
final class PrometheusText implements MetricsText {
    private static final double NS_TO_S = 1e-9;
    private static final double[] SHARES = {0.5, 0.75, 0.95, 0.98, 0.99, 0.999};
    private static final String[] QUANTILES = {"0.50", "0.75", "0.95", "0.98", "0.99", "0.999"};

    private final BrokerMeters meters;
    /** Of what counts nanoseconds, which are shown as a share. */
    private final Map<Series, Rates> rates = new ConcurrentHashMap<>();

    PrometheusText(BrokerMeters meters) {
        this.meters = meters;
    }

    /** Whoever looks is told of what Kafka counts from the start though nothing of it has happened here. */
    @Override
    public void writeTo(Appendable out) throws IOException {
        for (KafkaName name : KafkaNames.all()) {
            if (name.total() && meters.named(name.meter()) == null) {
                head(out, name.inPrometheus(), "counter");
                sample(out, name.inPrometheus(), "", 0);
            }
        }
        for (Family family : meters.families()) {
            List<KafkaName> names = KafkaNames.of(family.name());
            for (KafkaName name : names) {
                write(out, family, name);
            }
            if (names.isEmpty()) {
                writeOwn(out, family);
            }
        }
    }

    private void write(Appendable out, Family family, KafkaName name) throws IOException {
        String shown = name.inPrometheus();
        Map<Tags, Series> all = family.all();
        if (all.isEmpty() && !name.total()) {
            return;
        }
        head(out, shown, type(all, name.total()));
        boolean hasItsTotal = all.containsKey(Tags.NONE);
        if (name.total() && !hasItsTotal) {
            sample(out, shown, "", family.total());
        }
        for (Map.Entry<Tags, Series> one : all.entrySet()) {
            StringBuilder labels = new StringBuilder();
            for (KafkaName.Key key : name.keys()) {
                label(labels, key.name(), key.of(one.getKey()));
            }
            if (name.countsTime() && one.getValue() instanceof Series.Shown counted) {
                sample(out, shown, labels.toString(), share(counted));
            } else {
                write(out, shown, labels.toString(), one.getValue(), name.scale());
            }
        }
    }

    /** {@return how much of the last minute was counted} */
    private double share(Series.Shown counted) {
        long value = counted.value().getAsLong();
        long nowNs = meters.clock().monotonicNs();
        Rates rate = rates.computeIfAbsent(counted, any -> new Rates(0, meters.startNs()));
        rate.look(value, nowNs);
        double perSecond = rate.hasBegun() ? rate.oneMinute() : rate.mean(value, nowNs);
        return Math.max(0, Math.min(1, perSecond * NS_TO_S));
    }

    private void writeOwn(Appendable out, Family family) throws IOException {
        Map<Tags, Series> all = family.all();
        if (all.isEmpty()) {
            return;
        }
        boolean counts = all.values().iterator().next() instanceof Count;
        boolean distributed = all.values().iterator().next() instanceof Distribution;
        String shown = "odradek_" + family.name().replaceAll("[^A-Za-z0-9_]", "_");
        if (counts) {
            shown += "_total";
        } else if (distributed) {
            shown += "_seconds";
        }
        head(out, shown, type(all, false));
        for (Map.Entry<Tags, Series> one : all.entrySet()) {
            StringBuilder labels = new StringBuilder();
            for (int i = 0; i < one.getKey().size(); i++) {
                label(labels, one.getKey().name(i), one.getKey().value(i));
            }
            write(out, shown, labels.toString(), one.getValue(), distributed ? NS_TO_S : 1);
        }
    }

    private void write(Appendable out, String name, String labels, Series series, double scale) throws IOException {
        if (series instanceof Count count) {
            sample(out, name, labels, count.sum() * scale);
        } else if (series instanceof Series.Shown shown) {
            sample(out, name, labels, shown.value().getAsLong() * scale);
        } else if (series instanceof Distribution distribution) {
            write(out, name, labels, distribution, scale);
        }
    }

    private void write(Appendable out, String name, String labels, Distribution distribution, double scale)
            throws IOException {
        Distribution.Percentiles latest =
                distribution.percentiles(meters.clock().monotonicNs());
        String before = labels.isEmpty() ? "" : labels + ",";
        for (int i = 0; i < SHARES.length; i++) {
            sample(out, name, before + "quantile=\"" + QUANTILES[i] + "\"", latest.at(SHARES[i]) * scale);
        }
        sample(out, name + "_sum", labels, distribution.sum() * scale);
        sample(out, name + "_count", labels, distribution.count());
    }

    private static String type(Map<Tags, Series> all, boolean total) {
        Series one = all.isEmpty() ? null : all.values().iterator().next();
        if (one instanceof Distribution) {
            return "summary";
        }
        return total || one instanceof Count ? "counter" : "gauge";
    }

    private static void head(Appendable out, String name, String type) throws IOException {
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void label(StringBuilder labels, String name, String value) {
        if (value.isEmpty()) {
            return;
        }
        if (labels.length() > 0) {
            labels.append(',');
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            labels.append(Character.isLetterOrDigit(c) ? c : '_');
        }
        labels.append("=\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> labels.append("\\\\");
                case '"' -> labels.append("\\\"");
                case '\n' -> labels.append("\\n");
                default -> labels.append(c);
            }
        }
        labels.append('"');
    }

    private static void sample(Appendable out, String name, String labels, double value) throws IOException {
        out.append(name);
        if (!labels.isEmpty()) {
            out.append('{').append(labels).append('}');
        }
        out.append(' ').append(number(value)).append('\n');
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
