package io.odradek.core.simulation;

import io.odradek.storage.env.Clock;

/** The clock of one machine: its wall clock may be set, and differ from those of the others. */
final class ProcessClock implements Clock {
    private final Clock world;
    private long offsetMs;
    private boolean wasSet;

    ProcessClock(Clock world) {
        this.world = world;
    }

    @Override
    public long wallMs() {
        return world.wallMs() + offsetMs;
    }

    @Override
    public long monotonicNs() {
        return world.monotonicNs();
    }

    /** Sets the wall clock to so many milliseconds beside the true time. */
    void setWallOffsetMs(long newOffsetMs) {
        offsetMs = newOffsetMs;
        wasSet = true;
    }

    /** {@return whether it ever showed another time than the true one} */
    boolean wasSet() {
        return wasSet;
    }
}
