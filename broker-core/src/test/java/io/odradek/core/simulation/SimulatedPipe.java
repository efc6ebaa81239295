package io.odradek.core.simulation;

import io.odradek.storage.env.SimulatedLoop;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One direction of a connection: what is put in comes out on the receiver's loop after a while and in order, or not at all.
 * What would arrive while the way is blocked waits for it to be free, as TCP sends again.
 */
final class SimulatedPipe {
    private final SimulatedNetwork network;
    private final SimulatedNode from;
    private final SimulatedNode to;
    private final SimulatedLoop receiver;
    private final Deque<Runnable> underWay = new ArrayDeque<>();
    private long lastArrivalMs;
    private int held;
    private boolean closed;

    SimulatedPipe(SimulatedNetwork network, SimulatedNode from, SimulatedNode to, SimulatedLoop receiver) {
        this.network = network;
        this.from = from;
        this.to = to;
        this.receiver = receiver;
    }

    /** @param arrival runs on the receiver's loop when it has arrived */
    void send(Runnable arrival) {
        if (!closed) {
            underWay.add(arrival);
            scheduleArrival();
        }
    }

    /** Of what is under way only a part arrives, the first of it; nothing is taken any more. */
    void cut() {
        for (int keep = network.draw(underWay.size() + 1); underWay.size() > keep; ) {
            underWay.removeLast();
        }
        closed = true;
    }

    /** As {@link #cut}, and after what arrives the receiver learns that there will be no more. */
    void cutAndTell(Runnable arrival) {
        if (!closed) {
            cut();
            closed = false;
            send(arrival);
            closed = true;
        }
    }

    /** The way is free again. */
    void resume() {
        for (; held > 0; held--) {
            scheduleArrival();
        }
    }

    private void scheduleArrival() {
        long nowMs = network.nowMs();
        lastArrivalMs = Math.max(nowMs + network.latencyMs(from, to), lastArrivalMs);
        receiver.schedule(lastArrivalMs - nowMs, this::arrive);
    }

    private void arrive() {
        if (network.isBlocked(from, to)) {
            held++;
            network.holdUp(this);
        } else if (!underWay.isEmpty()) {
            underWay.remove().run();
        }
    }
}
