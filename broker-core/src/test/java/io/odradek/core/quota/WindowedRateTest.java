package io.odradek.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WindowedRateTest {
    private final WindowedRate rate = new WindowedRate(11, 1_000);

    @Test
    void whatComesAtOnceCountsForAWindow() {
        assertThat(rate.perSecond(5)).isZero();
        rate.add(300, 5);
        assertThat(rate.perSecond(5)).isEqualTo(300);
        assertThat(rate.perSecond(505)).isEqualTo(300);
        assertThat(rate.perSecond(2_005)).isEqualTo(150);
    }

    @Test
    void whatIsOlderThanAllWindowsCountsNoMore() {
        rate.add(1_000, 0);
        assertThat(rate.perSecond(10_999)).isGreaterThan(90);
        assertThat(rate.perSecond(11_000)).isZero();
        rate.add(50, 11_000);
        assertThat(rate.perSecond(11_000)).isEqualTo(50);
    }

    @Test
    void whatComesSteadilyIsWhatItIs() {
        for (int second = 0; second < 100; second++) {
            for (int tenth = 0; tenth < 10; tenth++) {
                rate.add(7, second * 1_000L + tenth * 100L);
            }
        }
        assertThat(rate.perSecond(100_000)).isBetween(69.0, 71.0);
    }
}
