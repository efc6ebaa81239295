package io.odradek.server.logging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * One line for each record in the pattern of Apache Kafka's logs, {@code [time] LEVEL message (class)}, with the thread before
 * the message; a warning that says the same as one in the minute before is left out and counted. The JDK's own formatter takes
 * tens of milliseconds to load.
 */
public final class LineFormatter extends Formatter {
    private final Repeats repeats = new Repeats();

    /** {@return the line, with the trace of what was thrown; empty if it is left out} */
    @Override
    public String format(LogRecord entry) {
        String message = formatMessage(entry);
        String after = repeats.after(entry, message);
        if (after == null) {
            return "";
        }
        StringBuilder line = new StringBuilder(160);
        LocalDateTime time = LocalDateTime.ofInstant(Instant.ofEpochMilli(entry.getMillis()), ZoneId.systemDefault());
        appendTime(line.append('['), time);
        line.append("] ").append(level(entry.getLevel().intValue()));
        line.append(" [").append(Thread.currentThread().getName()).append("] ");
        line.append(message).append(after);
        line.append(" (").append(entry.getLoggerName()).append(")\n");
        if (entry.getThrown() != null) {
            StringWriter trace = new StringWriter();
            entry.getThrown().printStackTrace(new PrintWriter(trace, true));
            line.append(trace);
        }
        return line.toString();
    }

    /** {@return the name that Kafka's logs have for a level} */
    private static String level(int value) {
        if (value >= Level.SEVERE.intValue()) {
            return "ERROR";
        } else if (value >= Level.WARNING.intValue()) {
            return "WARN";
        } else if (value >= Level.CONFIG.intValue()) {
            return "INFO";
        }
        return value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }

    private static void appendTime(StringBuilder line, LocalDateTime time) {
        append(line, time.getYear(), 4).append('-');
        append(line, time.getMonthValue(), 2).append('-');
        append(line, time.getDayOfMonth(), 2).append(' ');
        append(line, time.getHour(), 2).append(':');
        append(line, time.getMinute(), 2).append(':');
        append(line, time.getSecond(), 2).append(',');
        append(line, time.getNano() / 1_000_000, 3);
    }

    private static StringBuilder append(StringBuilder line, int number, int digits) {
        String text = Integer.toString(number);
        for (int missing = digits - text.length(); missing > 0; missing--) {
            line.append('0');
        }
        return line.append(text);
    }
}
