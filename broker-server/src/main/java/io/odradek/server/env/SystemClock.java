package io.odradek.server.env;

import io.odradek.storage.env.Clock;

/** The system's clock. */
public final class SystemClock implements Clock {
    @Override
    public long wallMs() {
        return System.currentTimeMillis();
    }

    @Override
    public long monotonicNs() {
        return System.nanoTime();
    }
}
