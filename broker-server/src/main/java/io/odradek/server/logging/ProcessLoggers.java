package io.odradek.server.logging;

import io.odradek.core.config.BrokerLoggers;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loggers of this process, by the names of Kafka's levels. What is set here holds until the process ends, or the level of the
 * same logger is changed in the settings file of the log ({@link LogLevels}).
 */
public final class ProcessLoggers implements BrokerLoggers {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ProcessLoggers.class);
    private static final Map<String, Level> BY_WORD = Map.of(
            "TRACE", Level.FINEST,
            "DEBUG", Level.FINE,
            "INFO", Level.INFO,
            "WARN", Level.WARNING,
            "ERROR", Level.SEVERE,
            "FATAL", Level.SEVERE);

    /** Loggers that have a level are held here: those that nobody holds are made anew, without it. */
    private final Map<String, Logger> set = new HashMap<>();

    @Override
    public synchronized SortedMap<String, String> levels() {
        SortedMap<String, String> levels = new TreeMap<>();
        for (String name : Collections.list(LogManager.getLogManager().getLoggerNames())) {
            Logger logger = LogManager.getLogManager().getLogger(name);
            if (logger != null && !name.equals(Logger.GLOBAL_LOGGER_NAME)) {
                levels.put(name.isEmpty() ? ROOT : name, word(inForce(logger)));
            }
        }
        return levels;
    }

    private static Level inForce(Logger logger) {
        Logger at = logger;
        while (at.getLevel() == null && at.getParent() != null) {
            at = at.getParent();
        }
        return at.getLevel() == null ? Level.INFO : at.getLevel();
    }

    private static String word(Level level) {
        int value = level.intValue();
        if (value == Level.OFF.intValue()) {
            return "OFF";
        }
        return value >= Level.SEVERE.intValue()
                ? "ERROR"
                : value >= Level.WARNING.intValue()
                        ? "WARN"
                        : value >= Level.CONFIG.intValue()
                                ? "INFO"
                                : value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }

    @Override
    public boolean knows(String logger) {
        if (logger.equals(ROOT)) {
            return true;
        }
        for (String name : Collections.list(LogManager.getLogManager().getLoggerNames())) {
            if (!name.isEmpty() && (name.equals(logger) || name.startsWith(logger + "."))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public synchronized void take(Map<String, String> levels) {
        levels.forEach((name, level) -> {
            Logger logger = set.computeIfAbsent(name.equals(ROOT) ? "" : name, Logger::getLogger);
            logger.setLevel(level == null ? null : BY_WORD.get(level));
            LOG.info("The level of logger {} is now {}", name, level == null ? "that of what is above it" : level);
        });
    }
}
