package io.odradek.core.quota;

import io.odradek.core.config.dynamic.ClientEntity;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Meters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Shows what clients have had that are held to something: {@code quota.produce.rate}, {@code quota.fetch.rate}, {@code
 * quota.request.rate} and {@code quota.mutation.rate}, for how long they are told to rest, {@code quota.<kind>.throttle}, and {@code
 * quota.mutation.tokens}. All are in thousandths, of bytes, percent, partitions and milliseconds.
 */
final class QuotaMeters {
    private static final double THOUSANDTHS = 1_000;

    private final Meters meters;
    private final Clock clock;

    QuotaMeters(Meters meters, Clock clock) {
        this.meters = meters;
        this.clock = clock;
    }

    /** Shows those of a share, until that is forgotten. */
    void show(QuotaShare share, QuotaBounds.Bound bound) {
        if (!meters.kept()) {
            return;
        }
        String kind = "quota." + share.kind().name().toLowerCase(Locale.ROOT) + ".";
        List<Meters.Gauge> gauges = new ArrayList<>();
        gauges.add(gauge(kind + "rate", bound, nowMs -> share.perSecond(nowMs)));
        gauges.add(gauge(kind + "throttle", bound, nowMs -> share.throttledMs(nowMs)));
        if (share.kind() == QuotaKind.MUTATION) {
            gauges.add(gauge(kind + "tokens", bound, nowMs -> share.tokens(nowMs)));
        }
        share.shows(() -> gauges.forEach(Meters.Gauge::close));
    }

    /** As Kafka shows it, and as it stands in the tree. */
    private static String user(String name) {
        String path = ClientEntity.ofUser(name).path();
        return path.substring(path.indexOf('/') + 1);
    }

    private Meters.Gauge gauge(String name, QuotaBounds.Bound bound, ToDoubleFunction<Long> value) {
        return meters.gauge(
                name,
                () -> Math.round(value.applyAsDouble(ClientQuotas.nowMs(clock)) * THOUSANDTHS),
                "user",
                user(bound.user()),
                "client-id",
                bound.clientId());
    }
}
