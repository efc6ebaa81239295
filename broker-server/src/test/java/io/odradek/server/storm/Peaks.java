package io.odradek.server.storm;

import io.odradek.server.OpenedBroker;
import java.util.Map;
import java.util.TreeMap;

/** The most that a broker has held for requests and connections at the moments when this looked. */
final class Peaks {
    private static final int BETWEEN_LOOKS_MS = 100;

    private final OpenedBroker broker;
    private final Map<String, Long> most = new TreeMap<>();
    private final LongTasks longTasks = new LongTasks();
    private final Thread looking = new Thread(this::look, "storm-peaks");
    private volatile boolean stopped;

    Peaks(OpenedBroker broker) {
        this.broker = broker;
        looking.start();
    }

    private void look() {
        try {
            while (!stopped) {
                Held.byRequests(broker).forEach((what, count) -> most.merge(what, count, Math::max));
                Held.byState(broker).forEach((what, count) -> most.merge(what, count, Math::max));
                longTasks.look();
                Thread.sleep(BETWEEN_LOOKS_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks no more. */
    void stop() throws InterruptedException {
        stopped = true;
        looking.join();
    }

    @Override
    public String toString() {
        return "Held at most: " + most + "\n" + longTasks;
    }
}
