package io.odradek.server.net;

import io.netty.util.concurrent.Future;

/** The rest of a connection whose client has had more than it may (KIP-219). On the connection's loop only. */
final class Throttle {
    private static final long NANOS_PER_MS = 1_000_000;

    private final Connection connection;
    private boolean on;
    private long untilNs;
    private Future<?> over;

    Throttle(Connection connection) {
        this.connection = connection;
    }

    /** {@return whether the client is to rest now} */
    boolean isOn() {
        return on;
    }

    /** Has it rest for so long, or for longer if it is to already. */
    void rest(int forMs) {
        long until = connection.shared().clock().monotonicNs() + forMs * NANOS_PER_MS;
        if (!on || until - untilNs > 0) {
            on = true;
            untilNs = until;
            schedule(forMs);
        }
    }

    private void schedule(long forMs) {
        end();
        over = connection.afterMs(forMs, this::lookAtClock);
    }

    /** Looks whether it has rested. */
    void lookAtClock() {
        if (!on) {
            return;
        }
        long leftNs = untilNs - connection.shared().clock().monotonicNs();
        if (leftNs > 0) {
            schedule((leftNs + NANOS_PER_MS - 1) / NANOS_PER_MS);
        } else {
            on = false;
            end();
            connection.active();
            connection.resume();
        }
    }

    /** Waits for nothing any more. */
    void end() {
        if (over != null) {
            over.cancel(false);
            over = null;
        }
    }
}
