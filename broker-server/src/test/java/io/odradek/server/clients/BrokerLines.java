package io.odradek.server.clients;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What brokers of this process log while this is open, from INFO on. */
public final class BrokerLines extends Handler implements AutoCloseable {
    private static final Logger BROKER = Logger.getLogger("io.odradek");
    private final List<LogRecord> records = new ArrayList<>();

    public BrokerLines() {
        BROKER.addHandler(this);
    }

    /** {@return the warnings with a text in them} */
    public synchronized List<String> warnings(String text) {
        return records.stream()
                .filter(record -> record.getLevel().equals(Level.WARNING))
                .map(LogRecord::getMessage)
                .filter(line -> line.contains(text))
                .toList();
    }

    /** {@return the lines with a text in them, of any level} */
    public synchronized List<String> with(String text) {
        return records.stream()
                .map(LogRecord::getMessage)
                .filter(line -> line.contains(text))
                .toList();
    }

    @Override
    public synchronized void publish(LogRecord record) {
        if (record.getLevel().intValue() >= Level.INFO.intValue()) {
            records.add(record);
        }
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
