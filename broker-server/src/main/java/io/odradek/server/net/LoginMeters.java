package io.odradek.server.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.odradek.core.quota.WindowedRate;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Guests;
import io.odradek.storage.env.Meters;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * What is counted of logins and handshakes at one listener, for each of its processors. A handshake by TLS counts where nobody has
 * to log in after it, and where it fails. Shown are all there have been, and as {@code NAME.rate} the thousandths of one that there
 * are in a second, of late.
 */
final class LoginMeters {
    private static final int WINDOWS = 2;
    private static final long WINDOW_MS = 30_000;
    private static final long NS_PER_MS = 1_000_000;
    private static final int THOUSANDTHS = 1_000;

    private final Clock clock;
    private final Map<EventExecutor, Map<Kind, Count>> byLoop = new IdentityHashMap<>();

    /** What has come of a login. */
    enum Kind {
        /** Somebody is in. */
        SUCCEEDED("login.succeeded"),
        /** Somebody is not. */
        FAILED("login.failed"),
        /** Somebody who was in has logged in again (KIP-368). */
        REPEATED("login.repeated"),
        /** Somebody who was in could not. */
        REPEAT_FAILED("login.repeat.failed"),
        /** Somebody should have logged in again and has not; its connection is closed. */
        EXPIRED("login.expired");

        private final String meter;

        Kind(String meter) {
            this.meter = meter;
        }
    }

    private static final class Count {
        private final WindowedRate rate = new WindowedRate(WINDOWS, WINDOW_MS);
        private long total;

        synchronized void add(long nowMs) {
            total++;
            rate.add(THOUSANDTHS, nowMs);
        }

        synchronized long total() {
            return total;
        }

        synchronized long thousandthsPerSecond(long nowMs) {
            return Math.round(rate.perSecond(nowMs));
        }
    }

    private LoginMeters(Clock clock) {
        this.clock = clock;
    }

    /** {@return those of a listener, null where nothing is kept} */
    static LoginMeters of(Guests guests, EventLoop[] loops, String listener) {
        if (!guests.meters().kept()) {
            return null;
        }
        LoginMeters made = new LoginMeters(guests.clock());
        for (int i = 0; i < loops.length; i++) {
            Map<Kind, Count> counts = new EnumMap<>(Kind.class);
            for (Kind kind : Kind.values()) {
                Count count = new Count();
                counts.put(kind, count);
                made.show(guests.meters(), kind, count, new String[] {
                    "listener", listener, "processor", Integer.toString(i)
                });
            }
            made.byLoop.put(loops[i], counts);
        }
        return made;
    }

    private void show(Meters meters, Kind kind, Count count, String[] tags) {
        meters.gauge(kind.meter, count::total, tags);
        meters.gauge(kind.meter + ".rate", () -> count.thousandthsPerSecond(nowMs()), tags);
    }

    private long nowMs() {
        return clock.monotonicNs() / NS_PER_MS;
    }

    /** Counts, for the processor of a connection. */
    void count(Kind kind, EventExecutor loop) {
        byLoop.get(loop).get(kind).add(nowMs());
    }
}
