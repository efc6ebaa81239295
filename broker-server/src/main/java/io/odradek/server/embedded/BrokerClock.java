package io.odradek.server.embedded;

import io.odradek.server.env.MovableClock;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A broker's clock as the JDK has clocks, for code under test that is to live at the same time. */
final class BrokerClock extends Clock {
    private final MovableClock clock;
    private final ZoneId zone;

    private BrokerClock(MovableClock clock, ZoneId zone) {
        this.clock = clock;
        this.zone = zone;
    }

    static Clock of(MovableClock clock) {
        return new BrokerClock(clock, ZoneOffset.UTC);
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
        return new BrokerClock(clock, other);
    }

    @Override
    public long millis() {
        return clock.wallMs();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }
}
