package io.odradek.server.env;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class MovableClockTest {
    private static final long MINUTE_NS = 60_000_000_000L;

    @Test
    void wallAndMonotonicTimeMoveTogether() {
        MovableClock clock = MovableClock.from(Instant.EPOCH);
        long wallMs = clock.wallMs();
        long monotonicNs = clock.monotonicNs();
        assertThat(wallMs).isBetween(0L, 60_000L);

        clock.forward(60 * MINUTE_NS);

        assertThat(clock.wallMs() - wallMs).isBetween(3_600_000L, 3_660_000L);
        assertThat(clock.monotonicNs() - monotonicNs).isBetween(60 * MINUTE_NS, 61 * MINUTE_NS);
    }

    @Test
    void itDoesNotGoBack() {
        MovableClock clock = MovableClock.fromNow();
        long before = clock.monotonicNs();
        clock.forward(-MINUTE_NS);
        assertThat(clock.monotonicNs()).isGreaterThanOrEqualTo(before);
    }
}
