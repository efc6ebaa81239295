package io.odradek.storage.env;

import org.slf4j.Logger;

/**
 * Log lines that a client could provoke as often as it likes: so many in so long a time, and the next one counts those that
 * were left out. Lines of one kind share one of these. Thread-safe.
 */
public final class FewLines {
    private static final long COMMON_INTERVAL_MS = 60_000;

    private final Logger log;
    private final Clock clock;
    private final int most;
    private final long intervalNs;
    private long beganNs;
    private int written;
    private long leftOut;

    /** One line in a minute. @param log where they go */
    public FewLines(Logger log, Clock clock) {
        this(log, clock, 1, COMMON_INTERVAL_MS);
    }

    /**
     * @param log where they go
     * @param most lines in an interval
     * @param intervalMs the interval
     */
    public FewLines(Logger log, Clock clock, int most, long intervalMs) {
        this.log = log;
        this.clock = clock;
        this.most = most;
        this.intervalNs = intervalMs * 1_000_000;
    }

    /** Writes a line, or counts it. */
    public void info(String line) {
        String counted = counted(line);
        if (counted != null) {
            log.info(counted);
        }
    }

    /** Writes a line, or counts it. */
    public void warn(String line) {
        String counted = counted(line);
        if (counted != null) {
            log.warn(counted);
        }
    }

    /** Writes a line, or counts it. */
    public void error(String line) {
        String counted = counted(line);
        if (counted != null) {
            log.error(counted);
        }
    }

    /** Writes a line about a fault of this broker, with its trace, or counts it. */
    public void error(String line, Throwable fault) {
        String counted = counted(line);
        if (counted != null) {
            log.error(counted, fault);
        }
    }

    /** {@return the line with the number of those left out before it, or null if it is to be left out itself} */
    private synchronized String counted(String line) {
        long nowNs = clock.monotonicNs();
        if (written == 0 || nowNs - beganNs >= intervalNs) {
            beganNs = nowNs;
            written = 0;
        }
        if (written == most) {
            leftOut++;
            return null;
        }
        written++;
        String told = leftOut == 0 ? line : line + " (and " + leftOut + " times since the last line like this)";
        leftOut = 0;
        return told;
    }
}
