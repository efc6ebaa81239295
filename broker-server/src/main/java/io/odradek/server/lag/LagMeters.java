package io.odradek.server.lag;

import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Meters;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Shows lags as meters: {@code group.lag} in records and {@code group.lag.time} in ms, each with the tags {@code group}, {@code
 * topic} and {@code partition}. What is not known is not shown.
 */
final class LagMeters implements AutoCloseable {
    /** Whose lag it is. */
    record Place(String group, String topic, int partition) {}

    private final Meters meters;
    private final Clock clock;
    private final Map<Place, Shown> shown = new HashMap<>();

    LagMeters(Meters meters, Clock clock) {
        this.meters = meters;
        this.clock = clock;
    }

    /** Shows these lags from now on, and no others. */
    void show(Map<Place, PartitionLag> lags) {
        Set<Place> gone = new HashSet<>(shown.keySet());
        gone.removeAll(lags.keySet());
        for (Place place : gone) {
            shown.remove(place).close();
        }
        lags.forEach((place, lag) -> shown.computeIfAbsent(place, Shown::new).show(lag));
    }

    @Override
    public void close() {
        show(Map.of());
    }

    private final class Shown implements AutoCloseable {
        private final String[] tags;
        private final Meters.Gauge records;
        private Meters.Gauge time;
        private volatile PartitionLag lag = PartitionLag.NONE;

        Shown(Place place) {
            tags = new String[] {
                "group", place.group(), "topic", place.topic(), "partition", Integer.toString(place.partition())
            };
            records = meters.gauge("group.lag", () -> lag.records(), tags);
        }

        void show(PartitionLag measured) {
            lag = measured;
            boolean known = measured.firstMs() != FirstUncommitted.UNKNOWN;
            if (known && time == null) {
                time = meters.gauge("group.lag.time", () -> lag.waitedMs(clock.wallMs()), tags);
            } else if (!known && time != null) {
                time.close();
                time = null;
            }
        }

        @Override
        public void close() {
            records.close();
            if (time != null) {
                time.close();
            }
        }
    }
}
