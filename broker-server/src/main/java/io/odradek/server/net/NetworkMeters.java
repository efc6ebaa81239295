package io.odradek.server.net;

import io.netty.channel.EventLoop;
import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.Listener;
import io.odradek.server.env.CpuTime;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Guests;
import io.odradek.storage.env.Meters;
import java.util.List;
import java.util.Set;

/**
 * What is shown of the network when somebody looks: {@code request.queue.size}, the requests in work; {@code
 * response.queue.size}, the answers that their clients have not taken yet; {@code connections} by listener and processor; and {@code
 * network.idle.millionths}, how much of their time the processors did not need since somebody looked before. That is reckoned from what they
 * have used of the processor, so that it costs nothing while nobody looks.
 */
final class NetworkMeters {
    private static final long SHORTEST_LOOK_NS = 1_000_000_000;
    private static final long MILLION = 1_000_000;

    private final Meters meters;
    private final Clock clock;
    private final EventLoop[] loops;
    private final List<Thread> threads;
    private final Set<Connection> connections;
    private final RequestPermits permits;
    private long lookedNs;
    private long usedNs;
    private long idleMillionths = MILLION;

    /**
     * @param loops the processors
     * @param threads those of the processors that have begun
     */
    NetworkMeters(
            Guests guests,
            EventLoop[] loops,
            List<Thread> threads,
            Set<Connection> connections,
            RequestPermits permits) {
        this.loops = loops;
        this.meters = guests.meters();
        this.clock = guests.clock();
        this.threads = threads;
        this.connections = connections;
        this.permits = permits;
        this.lookedNs = clock.monotonicNs();
    }

    void show(BrokerConfig config) {
        meters.gauge("request.queue.size", permits::inWork);
        meters.gauge("response.queue.size", this::unsentResponses);
        meters.gauge("network.idle.millionths", this::idleMillionths);
        for (Listener listener : config.listeners().listeners()) {
            for (int i = 0; i < loops.length; i++) {
                EventLoop loop = loops[i];
                meters.gauge(
                        "connections",
                        () -> connections(listener.name(), loop),
                        "listener",
                        listener.name(),
                        "processor",
                        Integer.toString(i));
            }
        }
    }

    private long connections(String listener, EventLoop loop) {
        long count = 0;
        for (Connection connection : connections) {
            count += connection.isOn(loop)
                            && connection.context().peer().listenerName().equals(listener)
                    ? 1
                    : 0;
        }
        return count;
    }

    private long unsentResponses() {
        long count = 0;
        for (Connection connection : connections) {
            count += connection.sender().unsentResponses();
        }
        return count;
    }

    private synchronized long idleMillionths() {
        long nowNs = clock.monotonicNs();
        if (nowNs - lookedNs >= SHORTEST_LOOK_NS) {
            long nowUsedNs = CpuTime.usedNs(threads);
            double busy = (double) (nowUsedNs - usedNs) / (nowNs - lookedNs) / Math.max(1, threads.size());
            idleMillionths = Math.max(0, Math.min(MILLION, Math.round((1 - busy) * MILLION)));
            usedNs = nowUsedNs;
            lookedNs = nowNs;
        }
        return idleMillionths;
    }
}
