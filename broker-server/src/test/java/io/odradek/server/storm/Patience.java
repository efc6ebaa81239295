package io.odradek.server.storm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** Keeps how long honest clients wait, and what they complain about: errors, and waits longer than a bound. Thread-safe. */
final class Patience {
    private static final int MOST_COMPLAINTS = 40;

    private final Weather weather;
    private final List<String> complaints = new ArrayList<>();
    private final Map<String, Long> longestMs = new TreeMap<>();
    private final Map<String, Integer> times = new TreeMap<>();

    Patience(Weather weather) {
        this.weather = weather;
    }

    /** Does something that may take so long, the time of a full disk not counted; an error is a complaint and returns null. */
    <T> T within(long boundMs, String what, Callable<T> operation) {
        long startNs = System.nanoTime();
        try {
            return operation.call();
        } catch (Exception e) {
            complain(what + " failed: " + e);
            return null;
        } finally {
            waited(what, weather.dryMsSince(startNs), boundMs);
        }
    }

    synchronized void waited(String what, long ms, long boundMs) {
        longestMs.merge(what, ms, Math::max);
        times.merge(what, 1, Integer::sum);
        if (ms > boundMs) {
            complain(what + " took " + ms + " ms");
        }
    }

    synchronized void complain(String what) {
        if (complaints.size() < MOST_COMPLAINTS) {
            complaints.add(what);
        }
    }

    synchronized List<String> complaints() {
        return List.copyOf(complaints);
    }

    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder();
        longestMs.forEach((what, ms) ->
                text.append(String.format("%-32s %6d times, longest %6d ms%n", what, times.get(what), ms)));
        return text.toString();
    }
}
