package io.odradek.core.config;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The loggers of the process that a broker is the program of, whose levels change while it runs (KIP-412). A broker that is a
 * guest in somebody else's process has none. Thread-safe.
 */
public interface BrokerLoggers {
    /** What the logger above all others is called. */
    String ROOT = "root";

    /** The levels, as Kafka calls them, in the order in which it names them. */
    List<String> LEVELS = List.of("DEBUG", "ERROR", "FATAL", "INFO", "TRACE", "WARN");

    /** There are none. */
    BrokerLoggers NONE = new BrokerLoggers() {
        @Override
        public SortedMap<String, String> levels() {
            return new TreeMap<>();
        }

        @Override
        public boolean knows(String logger) {
            return false;
        }

        @Override
        public void take(Map<String, String> levels) {
            throw new IllegalStateException("There are no loggers");
        }
    };

    /** {@return the level of each logger, its own or that of what is above it, by name} */
    SortedMap<String, String> levels();

    /** {@return whether there is a logger of this name, or of a longer one that begins with it and a dot} */
    boolean knows(String logger);

    /**
     * Sets levels, until the process ends.
     *
     * @param levels one of {@link #LEVELS} for each logger, or null for that of what is above it
     */
    void take(Map<String, String> levels);
}
