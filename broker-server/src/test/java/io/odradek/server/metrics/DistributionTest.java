package io.odradek.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DistributionTest {
    private static final long SECOND = 1_000_000_000;

    private final Times distribution =
            new Times(new Meter.Id("t", Tags.empty(), null, null, Meter.Type.TIMER), Clock.SYSTEM);

    @Test
    void theMiddleOfABucketIsNearToAllThatFallsIntoIt() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            long amount = 1024 + (long) Math.pow(2, 10 + random.nextDouble() * 30);
            double middle = distribution.middle(distribution.bucket(amount));
            assertThat(Math.abs(middle - amount) / amount).as("%s", amount).isLessThan(0.065);
        }
    }

    @Test
    void whatIsTooLargeOrTooSmallFallsIntoTheLastBucketOrTheFirst() {
        assertThat(distribution.bucket(0)).isZero();
        assertThat(distribution.bucket(-5)).isZero();
        assertThat(distribution.bucket(Long.MAX_VALUE)).isEqualTo(distribution.bucket(TimeUnit.DAYS.toNanos(10)));
        distribution.took(Long.MAX_VALUE / 2);
        assertThat(distribution.count()).isEqualTo(1);
    }

    @Test
    void momentsAreOfAllThatWasTaken() {
        distribution.took(1_000_000);
        distribution.took(3_000_000);

        assertThat(distribution.count()).isEqualTo(2);
        assertThat(distribution.sum()).isEqualTo(4_000_000);
        assertThat(distribution.mean()).isEqualTo(2_000_000);
        assertThat(distribution.least()).isEqualTo(1_000_000);
        assertThat(distribution.most()).isEqualTo(3_000_000);
        assertThat(distribution.deviation()).isCloseTo(1_414_213, within(150_000.0));
    }

    @Test
    void percentilesAreOfWhatCameLately() {
        for (int i = 0; i < 1_000; i++) {
            distribution.took(1_000_000);
        }
        assertThat(distribution.percentiles(SECOND).at(0.5)).isCloseTo(1e6, within(1e5));

        for (int i = 0; i < 1_000; i++) {
            distribution.took(50_000_000);
        }
        assertThat(distribution.percentiles(61 * SECOND).at(0.5)).isCloseTo(5e7, within(4e6));
        assertThat(distribution.percentiles(61 * SECOND).at(0.2)).isCloseTo(1e6, within(1e5));
    }

    @Test
    void percentilesOfNothingAreZeroAndThoseOfLongAgoStay() {
        assertThat(distribution.percentiles(SECOND).at(0.99)).isZero();
        distribution.took(1_000_000);
        assertThat(distribution.percentiles(2 * SECOND).at(0.99)).isEqualTo(1e6);
        assertThat(distribution.percentiles(100_000 * SECOND).at(0.99)).isEqualTo(1e6);
    }

    @Test
    void aRateFollowsTheCountAndFades() {
        Rates rates = new Rates(0, 0);
        for (int second = 5; second <= 600; second += 5) {
            rates.look(second * 100L, second * SECOND);
        }
        assertThat(rates.oneMinute()).isCloseTo(100, within(0.1));
        assertThat(rates.fifteenMinutes()).isCloseTo(100, within(0.1));
        assertThat(rates.mean(60_000, 600 * SECOND)).isCloseTo(100, within(0.1));

        for (int second = 605; second <= 720; second += 5) {
            rates.look(60_000, second * SECOND);
        }
        assertThat(rates.oneMinute()).isCloseTo(100 * Math.exp(-2), within(0.5));
        assertThat(rates.fiveMinutes()).isCloseTo(100 * Math.exp(-0.4), within(0.5));
    }
}
