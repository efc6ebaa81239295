package io.odradek.server.hostile;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the broker logs while this is open. */
public final class BrokerLog extends Handler implements AutoCloseable {
    private static final Logger BROKER = Logger.getLogger("io.odradek");
    private final List<LogRecord> records = new ArrayList<>();

    public BrokerLog() {
        BROKER.addHandler(this);
    }

    @Override
    public synchronized void publish(LogRecord record) {
        records.add(record);
    }

    /** {@return the lines that contain a text} */
    public synchronized List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        for (LogRecord record : records) {
            if (record.getMessage().contains(text)) {
                lines.add(record.getMessage());
            }
        }
        return lines;
    }

    /** {@return the lines with a stack trace, or of the level of errors} */
    public synchronized List<String> alarms() {
        List<String> alarms = new ArrayList<>();
        for (LogRecord record : records) {
            if (record.getThrown() != null
                    || record.getLevel().intValue() >= java.util.logging.Level.SEVERE.intValue()) {
                StringBuilder alarm =
                        new StringBuilder(record.getMessage()).append(' ').append(record.getThrown());
                if (record.getThrown() != null) {
                    for (StackTraceElement frame : record.getThrown().getStackTrace()) {
                        alarm.append("\n  ").append(frame);
                    }
                }
                alarms.add(alarm.toString());
            }
        }
        return alarms;
    }

    @Override
    public void flush() {
        // Nothing is buffered.
    }

    @Override
    public void close() {
        BROKER.removeHandler(this);
    }
}
