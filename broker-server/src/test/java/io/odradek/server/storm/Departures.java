package io.odradek.server.storm;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends visits when their time has come, in whatever they just do, and all of them when it is closed. */
final class Departures implements AutoCloseable {
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1);
    private final Set<Visit> open = ConcurrentHashMap.newKeySet();

    void after(int delayMs, Visit visit, boolean reset) {
        open.add(visit);
        try {
            clock.schedule(() -> end(visit, reset), delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stormIsOver) {
            end(visit, reset);
        }
    }

    private void end(Visit visit, boolean reset) {
        open.remove(visit);
        visit.leave(reset);
    }

    @Override
    public void close() {
        clock.shutdownNow();
        for (Visit visit : open) {
            end(visit, true);
        }
    }
}
