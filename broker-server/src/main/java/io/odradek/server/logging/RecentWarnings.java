package io.odradek.server.logging;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Keeps the last warnings and errors of the distribution's log, for who looks at the broker: the lines that its file has. */
public final class RecentWarnings extends Handler {
    private static final int MOST = 200;
    private static final int LONGEST = 2_000;

    private final Deque<Warning> warnings = new ArrayDeque<>();
    private final Repeats repeats = new Repeats();

    /**
     * A line of the log.
     *
     * @param timestampMs when it was written, in ms since 1970
     * @param level {@code WARNING} or {@code SEVERE}
     * @param logger who wrote it
     * @param message what it says, cut where it is very long
     */
    public record Warning(long timestampMs, String level, String logger, String message) {}

    private RecentWarnings() {
        setLevel(Level.WARNING);
        setFormatter(new SimpleFormatter());
    }

    /** Begins to keep those of this JVM's log, if nobody does yet. */
    public static void keep() {
        if (find() == null) {
            Logger.getLogger("").addHandler(new RecentWarnings());
        }
    }

    /** Forgets those that are kept. */
    public static void keepNoMore() {
        RecentWarnings keeper = find();
        if (keeper != null) {
            Logger.getLogger("").removeHandler(keeper);
        }
    }

    /** {@return those that are kept in this JVM, the newest first; null if nobody keeps any} */
    public static List<Warning> ofThisProcess() {
        RecentWarnings keeper = find();
        return keeper == null ? null : keeper.newestFirst();
    }

    private static RecentWarnings find() {
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            if (handler instanceof RecentWarnings keeper) {
                return keeper;
            }
        }
        return null;
    }

    @Override
    public void publish(LogRecord entry) {
        if (!isLoggable(entry)) {
            return;
        }
        String message = getFormatter().formatMessage(entry);
        String after = repeats.after(entry, message);
        if (after == null) {
            return;
        }
        if (entry.getThrown() != null) {
            message += ": " + entry.getThrown();
        }
        message += after;
        String name = entry.getLoggerName() == null ? "" : entry.getLoggerName();
        Warning warning = new Warning(
                entry.getMillis(),
                entry.getLevel().getName(),
                name.substring(name.lastIndexOf('.') + 1),
                message.length() > LONGEST ? message.substring(0, LONGEST) + " …" : message);
        synchronized (warnings) {
            warnings.addLast(warning);
            if (warnings.size() > MOST) {
                warnings.removeFirst();
            }
        }
    }

    private List<Warning> newestFirst() {
        List<Warning> newest;
        synchronized (warnings) {
            newest = new ArrayList<>(warnings);
        }
        Collections.reverse(newest);
        return newest;
    }

    @Override
    public void flush() {
        // They are only kept.
    }

    @Override
    public void close() {
        // They are only kept.
    }
}
