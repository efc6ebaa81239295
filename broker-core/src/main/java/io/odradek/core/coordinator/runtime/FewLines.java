package io.odradek.core.coordinator.runtime;

import io.odradek.storage.env.Clock;
import org.slf4j.Logger;

/** Lines about failures that a client could provoke as often as it likes: one in so many seconds, which counts the others. */
public final class FewLines {
    private static final long BETWEEN_LINES_NS = 10_000_000_000L;

    private final Logger log;
    private final Clock clock;
    private boolean begun;
    private long lastNs;
    private long leftOut;

    /** @param log where they go */
    public FewLines(Logger log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /** Writes a line with a trace, or counts it. */
    public synchronized void error(String line, Throwable failure) {
        if (isDue()) {
            log.error("{}{}", line, leftOut(), failure);
        }
    }

    /** Writes a line, or counts it. */
    public synchronized void warn(String line) {
        if (isDue()) {
            log.warn("{}{}", line, leftOut());
        }
    }

    private boolean isDue() {
        long nowNs = clock.monotonicNs();
        if (begun && nowNs - lastNs < BETWEEN_LINES_NS) {
            leftOut++;
            return false;
        }
        begun = true;
        lastNs = nowNs;
        return true;
    }

    private String leftOut() {
        String text = leftOut == 0 ? "" : " (and " + leftOut + " times since the last line like this)";
        leftOut = 0;
        return text;
    }
}
