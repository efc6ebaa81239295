package io.odradek.server.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All that is in a registry, in Prometheus' text format: of the broker, under the names that the usual rules of Prometheus' JMX
 * exporter give Kafka's metrics where Kafka has them, and under {@code odradek_...}, with times in seconds, where it does not;
 * of others, under the names that Micrometer gives them ({@link OthersText}).
 */
final class PrometheusText implements MetricsText {
    private static final double NS_TO_S = 1e-9;
    private static final double[] SHARES = {0.5, 0.75, 0.95, 0.98, 0.99, 0.999};
    private static final String[] QUANTILES = {"0.50", "0.75", "0.95", "0.98", "0.99", "0.999"};

    private final BrokerRegistry registry;
    /** Of what counts nanoseconds, which are shown as a share. */
    private final Map<Meter.Id, Rates> rates = new ConcurrentHashMap<>();

    PrometheusText(BrokerRegistry registry) {
        this.registry = registry;
    }

    /** A meter, and what tells it apart from others of its name. */
    private record Labelled(String labels, Meter meter) {}

    /** Whoever looks is told of what Kafka counts from the start though nothing of it has happened here. */
    @Override
    public void writeTo(Appendable out) throws IOException {
        Samples samples = new Samples(out);
        SortedMap<String, List<Meter>> meters = registry.byName();
        for (KafkaName name : KafkaNames.all()) {
            if (name.total() && !meters.containsKey(name.meter())) {
                samples.head(name.inPrometheus(), "counter");
                samples.add(name.inPrometheus(), "", registry.total(name.meter()));
            }
        }
        for (Map.Entry<String, List<Meter>> family : meters.entrySet()) {
            if (!family.getKey().startsWith(MicrometerMeters.PREFIX)) {
                OthersText.write(samples, family.getKey(), family.getValue());
                continue;
            }
            List<KafkaName> names = KafkaNames.of(family.getKey());
            for (KafkaName name : names) {
                write(samples, family.getValue(), name);
            }
            if (names.isEmpty()) {
                writeOwn(samples, family.getKey(), family.getValue());
            }
        }
    }

    private void write(Samples samples, List<Meter> meters, KafkaName name) throws IOException {
        String shown = name.inPrometheus();
        List<Labelled> all = new ArrayList<>();
        boolean hasItsTotal = false;
        for (Meter meter : meters) {
            StringBuilder labels = new StringBuilder();
            for (KafkaName.Key key : name.keys()) {
                Samples.label(labels, key.name(), key.of(meter.getId()));
            }
            hasItsTotal |= !meter.getId().getTagsAsIterable().iterator().hasNext();
            all.add(new Labelled(labels.toString(), meter));
        }
        samples.head(shown, name.total() ? "counter" : type(meters.get(0)));
        if (name.total() && !hasItsTotal) {
            samples.add(shown, "", registry.total(name.meter()));
        }
        all.sort(Comparator.comparing(Labelled::labels));
        for (Labelled one : all) {
            if (name.countsTime() && one.meter() instanceof Value counted) {
                samples.add(shown, one.labels(), share(counted));
            } else {
                write(samples, shown, one, name.scale());
            }
        }
    }

    /** {@return how much of the last minute was counted} */
    private double share(Value counted) {
        long value = counted.number();
        long nowNs = registry.brokerClock().monotonicNs();
        Rates rate = rates.computeIfAbsent(counted.getId(), any -> new Rates(0, registry.startNs()));
        rate.look(value, nowNs);
        double perSecond = rate.hasBegun() ? rate.oneMinute() : rate.mean(value, nowNs);
        return Math.max(0, Math.min(1, perSecond * NS_TO_S));
    }

    private void writeOwn(Samples samples, String name, List<Meter> meters) throws IOException {
        Meter first = meters.get(0);
        String shown = Samples.word(name);
        if (first instanceof Count) {
            shown += "_total";
        } else if (first instanceof Times) {
            shown += "_seconds";
        }
        List<Labelled> all = new ArrayList<>();
        for (Meter meter : meters) {
            StringBuilder labels = new StringBuilder();
            for (Tag tag : meter.getId().getTagsAsIterable()) {
                Samples.label(labels, tag.getKey(), tag.getValue());
            }
            all.add(new Labelled(labels.toString(), meter));
        }
        all.sort(Comparator.comparing(Labelled::labels));
        samples.head(shown, type(first));
        for (Labelled one : all) {
            write(samples, shown, one, first instanceof Times ? NS_TO_S : 1);
        }
    }

    private void write(Samples samples, String name, Labelled one, double scale) throws IOException {
        if (one.meter() instanceof Count count) {
            samples.add(name, one.labels(), count.sum() * scale);
        } else if (one.meter() instanceof Value value) {
            samples.add(name, one.labels(), value.number() * scale);
        } else if (one.meter() instanceof Distribution distribution) {
            write(samples, name, one.labels(), distribution, scale);
        }
    }

    private void write(Samples samples, String name, String labels, Distribution distribution, double scale)
            throws IOException {
        Distribution.Percentiles latest =
                distribution.percentiles(registry.brokerClock().monotonicNs());
        String before = labels.isEmpty() ? "" : labels + ",";
        for (int i = 0; i < SHARES.length; i++) {
            samples.add(name, before + "quantile=\"" + QUANTILES[i] + "\"", latest.at(SHARES[i]) * scale);
        }
        samples.add(name + "_sum", labels, distribution.sum() * scale);
        samples.add(name + "_count", labels, distribution.count());
    }

    private static String type(Meter meter) {
        if (meter instanceof Distribution) {
            return "summary";
        }
        return meter instanceof Count ? "counter" : "gauge";
    }
}
