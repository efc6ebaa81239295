package io.odradek.server.zookeeper;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Lets so many calls be under way at once ({@code zookeeper.max.in.flight.requests}), and starts the others in their order
 * as those end. Thread-safe.
 */
final class CallWindow {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final int most;
    private int underWay;
    private boolean starting;

    /** @param most calls under way at most */
    CallWindow(int most) {
        this.most = most;
    }

    /** Starts a call, now or later; one after the other, so that their order is that of the callers. */
    synchronized void start(Runnable call) {
        waiting.add(call);
        startWaiting();
    }

    /** A call has ended. */
    synchronized void ended() {
        underWay--;
        startWaiting();
    }

    /** A call may end while it is started, where there is nobody to ask any more. */
    private void startWaiting() {
        if (starting) {
            return;
        }
        starting = true;
        try {
            while (underWay < most && !waiting.isEmpty()) {
                underWay++;
                waiting.remove().run();
            }
        } finally {
            starting = false;
        }
    }
}
