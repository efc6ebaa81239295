package io.odradek.server.tools.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    @Test
    void percentilesAreThoseOfAllTimesToThreeDigits() {
        SplittableRandom random = new SplittableRandom(42);
        LatencyHistogram histogram = new LatencyHistogram();
        long[] micros = new long[20_000];
        for (int i = 0; i < micros.length; i++) {
            micros[i] = (long) Math.exp(random.nextDouble() * Math.log(5e9));
            histogram.record(micros[i]);
        }
        Arrays.sort(micros);

        assertThat(histogram.count()).isEqualTo(micros.length);
        assertThat(histogram.maxMs()).isEqualTo(micros[micros.length - 1] / 1e3);
        assertThat(histogram.averageMs())
                .isCloseTo(Arrays.stream(micros).average().orElseThrow() / 1e3, within(0.001));
        for (double share : new double[] {0.001, 0.01, 0.25, 0.5, 0.95, 0.99, 0.999, 1}) {
            double exact = micros[(int) Math.ceil(share * micros.length) - 1] / 1e3;
            assertThat(histogram.percentileMs(share)).as("%s", share).isBetween(exact, exact * 1.01);
        }
    }

    @Test
    void stepsOfOneTwoAndFiveAreCountedExactly() {
        LatencyHistogram histogram = new LatencyHistogram();
        for (long micros : new long[] {0, 9, 10, 999, 1_000, 1_999, 2_000, 4_999, 5_000, 49_999, 50_000}) {
            histogram.record(micros);
        }

        assertThat(histogram.below(10)).isEqualTo(2);
        assertThat(histogram.below(1_000)).isEqualTo(4);
        assertThat(histogram.below(2_000)).isEqualTo(6);
        assertThat(histogram.below(5_000)).isEqualTo(8);
        assertThat(histogram.below(50_000)).isEqualTo(10);
        assertThat(histogram.below(100_000)).isEqualTo(11);
        assertThat(HistogramText.lines("Steps", histogram)).hasSize(15).contains("Steps: 11, on average 10.55 ms");
    }

    @Test
    void whatTakesForDaysIsCountedToo() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.record(Long.MAX_VALUE / 2);
        histogram.record(-1);

        assertThat(histogram.percentileMs(1)).isEqualTo(histogram.maxMs()).isEqualTo(Long.MAX_VALUE / 2 / 1e3);
        assertThat(histogram.percentileMs(0.5)).isZero();
        assertThat(HistogramText.lines("Waits", histogram).get(1)).contains("below     0.01 ms");
        assertThat(HistogramText.lines("Waits", new LatencyHistogram())).isEmpty();
    }
}
