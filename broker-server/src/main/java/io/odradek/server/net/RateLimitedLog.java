package io.odradek.server.net;

import io.odradek.storage.env.Clock;
import org.slf4j.Logger;

/** Log lines that a peer can provoke: so many a second, and the number of those left out. Thread-safe. */
final class RateLimitedLog {
    private static final int LINES_PER_SECOND = 20;
    private static final long SECOND_NS = 1_000_000_000L;

    private final Logger log;
    private final Clock clock;
    private long windowStartNs;
    private int lines;
    private long leftOut;

    RateLimitedLog(Logger log, Clock clock) {
        this.log = log;
        this.clock = clock;
        this.windowStartNs = clock.monotonicNs();
    }

    /** Writes a line, or counts it. */
    void warn(String line) {
        if (mayWrite()) {
            log.warn(line);
        }
    }

    /** Writes a line about a fault of this broker, with its trace, or counts it. */
    void failure(String line, Throwable cause) {
        if (mayWrite()) {
            log.error(line, cause);
        }
    }

    private boolean mayWrite() {
        long leftOutBefore;
        synchronized (this) {
            long nowNs = clock.monotonicNs();
            if (nowNs - windowStartNs > SECOND_NS) {
                windowStartNs = nowNs;
                lines = 0;
            }
            if (lines == LINES_PER_SECOND) {
                leftOut++;
                return false;
            }
            lines++;
            leftOutBefore = leftOut;
            leftOut = 0;
        }
        if (leftOutBefore > 0) {
            log.warn("{} lines like the following were left out", leftOutBefore);
        }
        return true;
    }
}
