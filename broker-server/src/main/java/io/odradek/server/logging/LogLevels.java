package io.odradek.server.logging;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * The levels that the settings file of the log names, {@code io.odradek.core.level=FINE}, while the program runs: the file is
 * looked at every few seconds, and when it has changed, its levels are taken over. What it does not name any more has the level
 * of what is above it. A file that cannot be read, or names what is no level, changes nothing, and is a warning. Everything else
 * in it is read at a start.
 */
public final class LogLevels {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LogLevels.class);
    private static final String FILE_PROPERTY = "java.util.logging.config.file";
    private static final String LEVEL = ".level";
    private static final long BETWEEN_LOOKS_MS = 5_000;

    private final Path file;
    /** Loggers that have a level are held here: those that nobody holds are made anew, without it. */
    private final Map<String, Logger> named = new HashMap<>();

    private Object seen;
    private Map<String, Level> levels = Map.of();

    /** @param file the settings, as {@code java.util.logging} has read them */
    LogLevels(Path file) {
        this.file = file;
        seen = state();
        levels = readOrWarn(levels);
    }

    /** Watches the file that the program was started with, if there is one, until it ends. */
    public static void watch() {
        String file = System.getProperty(FILE_PROPERTY);
        if (file != null) {
            Thread thread = new Thread(() -> watch(Path.of(file)), "odradek-log-levels");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void watch(Path file) {
        LogLevels watched = new LogLevels(file);
        try {
            while (true) {
                Thread.sleep(BETWEEN_LOOKS_MS);
                watched.look();
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks whether the file has changed, and does what it says. */
    void look() {
        Object now = state();
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        Map<String, Level> wanted = readOrWarn(levels);
        if (!wanted.equals(levels)) {
            LOG.info("The levels of the log are now those of {}: {}", file, wanted);
            take(wanted);
        }
    }

    /** {@return what changes when the file does} */
    private Object state() {
        try {
            return Files.getLastModifiedTime(file) + " " + Files.size(file);
        } catch (IOException missing) {
            return "missing";
        }
    }

    private Map<String, Level> readOrWarn(Map<String, Level> otherwise) {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
            Map<String, Level> read = new TreeMap<>();
            for (String name : properties.stringPropertyNames()) {
                if (name.endsWith(LEVEL)) {
                    read.put(
                            name.substring(0, name.length() - LEVEL.length()),
                            level(name, properties.getProperty(name).trim()));
                }
            }
            return read;
        } catch (IOException | IllegalArgumentException unusable) {
            String why = unusable instanceof IOException ? unusable.toString() : unusable.getMessage();
            LOG.warn("The levels of the log stay as they are: {} cannot be used: {}", file, why);
            return otherwise;
        }
    }

    private static Level level(String name, String value) {
        try {
            return Level.parse(value);
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException(name + "=" + value
                    + " is no level; those are SEVERE, WARNING, INFO, CONFIG, FINE, FINER, FINEST, OFF and ALL");
        }
    }

    private void take(Map<String, Level> wanted) {
        Map<String, Handler> handlers = new HashMap<>();
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            handlers.put(handler.getClass().getName(), handler);
        }
        for (String name : levels.keySet()) {
            if (!wanted.containsKey(name)) {
                set(name, null, handlers);
            }
        }
        wanted.forEach((name, level) -> set(name, level, handlers));
        levels = wanted;
    }

    private void set(String name, Level level, Map<String, Handler> handlers) {
        if (handlers.containsKey(name)) {
            handlers.get(name).setLevel(level == null ? Level.ALL : level);
        } else {
            named.computeIfAbsent(name, Logger::getLogger)
                    .setLevel(level == null && name.isEmpty() ? Level.INFO : level);
        }
    }
}
