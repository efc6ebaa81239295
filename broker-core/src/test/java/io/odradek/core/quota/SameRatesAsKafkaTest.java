package io.odradek.core.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.odradek.storage.env.SimulatedWorld;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Quota;
import org.apache.kafka.common.metrics.stats.Rate;
import org.apache.kafka.common.metrics.stats.TokenBucket;
import org.apache.kafka.common.metrics.stats.WindowedSum;
import org.junit.jupiter.api.Test;

/** Reckons rates and tokens beside Kafka's own classes, over random histories. */
class SameRatesAsKafkaTest {
    private static final long START_MS = 1_000_000;
    private static final int STEPS = 2_000;

    private final long seed = Long.getLong("seed", SimulatedWorld.seedFromSystem());
    private final Random random = new Random(seed);

    @Test
    void ratesAreTheSame() {
        for (int windows : new int[] {1, 2, 3, 11}) {
            MetricConfig config = new MetricConfig().samples(windows).timeWindow(1, TimeUnit.SECONDS);
            Rate theirs = new Rate(TimeUnit.SECONDS, new WindowedSum());
            SpannedRate ours = new SpannedRate(new QuotaSpan(windows, 1_000));
            long nowMs = START_MS;
            for (int i = 0; i < STEPS; i++) {
                nowMs += random.nextInt(random.nextInt(20) == 0 ? 15_000 : 400);
                double amount = random.nextInt(1_000) - 100;
                theirs.record(config, amount, nowMs);
                ours.add(amount, nowMs);
                if (random.nextBoolean()) {
                    nowMs += random.nextInt(3_000);
                    assertThat(ours.perSecond(nowMs))
                            .as("with %d windows, step %d of seed %d", windows, i, seed)
                            .isEqualTo(theirs.measure(config, nowMs), within(1e-6));
                    assertThat(ours.spanMs(nowMs)).isEqualTo(theirs.windowSize(config, nowMs));
                }
            }
        }
    }

    @Test
    void tokensAreTheSame() {
        double perSecond = 5;
        MetricConfig config =
                new MetricConfig().samples(11).timeWindow(1, TimeUnit.SECONDS).quota(Quota.upperBound(perSecond));
        TokenBucket theirs = new TokenBucket();
        io.odradek.core.quota.TokenBucket ours = new io.odradek.core.quota.TokenBucket(new QuotaSpan(11, 1_000));
        long nowMs = START_MS;
        for (int i = 0; i < STEPS; i++) {
            nowMs += random.nextInt(2_000);
            int amount = random.nextInt(12);
            theirs.record(config, amount, nowMs);
            double left = ours.take(amount, perSecond, nowMs);
            assertThat(left).as("step %d of seed %d", i, seed).isEqualTo(theirs.measure(config, nowMs), within(1e-6));
        }
    }
}
