package io.odradek.core.simulation;

import io.odradek.storage.env.Clock;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;

/** What happens in a run, one line for each thing that matters: the last lines in memory, all of them in a file if there is one. */
final class Trace {
    private static final int KEPT = 400;

    private final Clock clock;
    private final boolean detailed;
    private final PrintWriter file;
    private final Deque<String> last = new ArrayDeque<>();
    private final long startNs;

    /**
     * @param detailed whether the lines of every record and request are wanted too
     * @param file gets every line, or null
     */
    Trace(Clock clock, boolean detailed, PrintWriter file) {
        this.clock = clock;
        this.detailed = detailed;
        this.file = file;
        this.startNs = clock.monotonicNs();
    }

    /** {@return whether what happens often is wanted; who asks before putting a line together saves its cost} */
    boolean isDetailed() {
        return detailed;
    }

    void line(Object who, String what) {
        long ms = (clock.monotonicNs() - startNs) / 1_000_000;
        String line = String.format("%9.3f %-12s %s", ms / 1000.0, who, what);
        if (last.size() == KEPT) {
            last.remove();
        }
        last.add(line);
        if (file != null) {
            file.println(line);
        }
    }

    /** {@return the last lines} */
    String tail() {
        return String.join("\n", last);
    }
}
