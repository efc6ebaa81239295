package io.odradek.server.admin;

import io.odradek.storage.env.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells how fast something grows, from how large it was when somebody looked before: nothing is measured while nobody looks.
 * Thread-safe.
 */
final class GrowthRates {
    private static final long LEAST_NS = 2_000_000_000L;
    private static final long FRESH_NS = 60_000_000_000L;
    private static final int MOST = 20_000;

    /** Of what, when, how large. */
    private record Sample(long atNs, double size) {}

    /** The rate is that from before to last, until the next look that is long enough after. */
    private record Pair(Sample before, Sample last) {}

    private final Clock clock;
    private final Map<String, Pair> samples = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Pair> eldest) {
            return size() > MOST;
        }
    };

    GrowthRates(Clock clock) {
        this.clock = clock;
    }

    /** {@return by how much a second something has grown lately; null if that is not known yet, or it has shrunk} */
    synchronized Double of(String name, double size) {
        long now = clock.monotonicNs();
        Pair known = samples.get(name);
        Sample sample = new Sample(now, size);
        if (known == null || now - known.last.atNs > FRESH_NS) {
            samples.put(name, new Pair(null, sample));
            return null;
        }
        if (now - known.last.atNs >= LEAST_NS) {
            known = new Pair(known.last, sample);
            samples.put(name, known);
        }
        if (known.before == null || known.last.size < known.before.size) {
            return null;
        }
        double perSecond = (known.last.size - known.before.size) * 1e9 / (known.last.atNs - known.before.atNs);
        return Math.round(perSecond * 100) / 100.0;
    }
}
