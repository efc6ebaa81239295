package io.odradek.server.logging;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.regex.Pattern;

/**
 * Warnings that say the same again: in a minute one of them is written, and the next one counts those before it. What a disk
 * that fails or a peer that is away provokes again and again fills no log, whoever wrote the line. Connections of one host are
 * as one: a client that is refused comes back by another port. Thread-safe.
 */
final class Repeats {
    private static final long INTERVAL_MS = 60_000;
    private static final int MOST_REMEMBERED = 200;
    /** As a connection is named: local host and port, remote host and port, number. */
    private static final Pattern PORTS = Pattern.compile(":\\d+-([0-9a-fA-F.:%]+):\\d+-\\d+");

    private final Map<String, Line> lines = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Line> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    private static final class Line {
        private final long writtenMs;
        private long leftOut;

        Line(long writtenMs) {
            this.writtenMs = writtenMs;
        }
    }

    /**
     * {@return what is to be put behind a line, mostly nothing; null if the line is to be left out}
     *
     * @param message its words
     */
    synchronized String after(LogRecord entry, String message) {
        if (entry.getLevel().intValue() < Level.WARNING.intValue()) {
            return "";
        }
        String key = entry.getLoggerName() + ' ' + PORTS.matcher(message).replaceAll("-$1") + ' ' + entry.getThrown();
        Line line = lines.get(key);
        long passedMs = line == null ? INTERVAL_MS : entry.getMillis() - line.writtenMs;
        // A wall clock that was put back lets the line pass.
        if (passedMs >= 0 && passedMs < INTERVAL_MS) {
            line.leftOut++;
            return null;
        }
        lines.remove(key);
        lines.put(key, new Line(entry.getMillis()));
        return line == null || line.leftOut == 0
                ? ""
                : " (and " + line.leftOut + " times since the last line like this)";
    }
}
