package io.odradek.server.logging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * One line for each record: time, level, thread, class, message; a warning that says the same as one in the minute before is
 * left out and counted. The JDK's own formatter takes tens of milliseconds to load.
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
        appendTime(line, time);
        line.append(' ').append(entry.getLevel().getName());
        line.append(" [").append(Thread.currentThread().getName()).append("] ");
        String logger = entry.getLoggerName();
        line.append(logger == null ? "" : logger.substring(logger.lastIndexOf('.') + 1));
        line.append(": ").append(message).append(after).append('\n');
        if (entry.getThrown() != null) {
            StringWriter trace = new StringWriter();
            entry.getThrown().printStackTrace(new PrintWriter(trace, true));
            line.append(trace);
        }
        return line.toString();
    }

    private static void appendTime(StringBuilder line, LocalDateTime time) {
        append(line, time.getYear(), 4).append('-');
        append(line, time.getMonthValue(), 2).append('-');
        append(line, time.getDayOfMonth(), 2).append(' ');
        append(line, time.getHour(), 2).append(':');
        append(line, time.getMinute(), 2).append(':');
        append(line, time.getSecond(), 2).append('.');
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
