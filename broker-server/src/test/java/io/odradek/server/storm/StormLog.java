package io.odradek.server.storm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the broker and its network library log while this is open, counted by kind; none of it reaches the console. */
public final class StormLog extends Handler implements AutoCloseable {
    private static final List<Logger> LOGGERS = List.of(Logger.getLogger("io.odradek"), Logger.getLogger("io.netty"));
    private static final Pattern VARYING = Pattern.compile(
            "127[^ ]*|[A-Z][A-Za-z]+(Request|Header)\\.[^:]*|API [A-Z_]+|[0-9]+|\"[^\"]*\"|'[^']*'|storm-[^ ,.:]*|/[^ :]*|\\n.*",
            Pattern.DOTALL);
    private static final Pattern CLOSING =
            Pattern.compile("Closing connection [^ ]*-127[0-9.]*:([0-9]+)-[0-9]+: (.*)", Pattern.DOTALL);
    private static final int LONGEST_KIND = 160;

    /**
     * What the weather brings: a full disk is told of, also by a controller that has something to write; a folder that fails is
     * too, and that its logs are offered again and are not there, and a copy in it that is outdated after the restart.
     */
    private static final Pattern EXPECTED = Pattern.compile(
            "The disk of log folder .* is full.*|Log folder .* is offline.*"
                    + "|.* (cannot be opened|cannot be moved).*: .*(No space left|the disk has failed|others are offline).*"
                    + "|The controller on broker .* resigns, and stands again .*: .*No space left.*"
                    + "|The move to .* is given up and the copy is removed.*",
            Pattern.DOTALL);

    private final Map<String, Integer> kinds = new TreeMap<>();
    private final Map<String, Integer> alarms = new TreeMap<>();
    private final Map<String, String> traces = new TreeMap<>();
    private final Map<Integer, String> reasons = new HashMap<>();

    public StormLog() {
        for (Logger logger : LOGGERS) {
            logger.setUseParentHandlers(false);
            logger.addHandler(this);
        }
    }

    @Override
    public synchronized void publish(LogRecord record) {
        String message = String.valueOf(record.getMessage());
        String kind = VARYING.matcher(message).replaceAll("#");
        kind = record.getLevel() + " " + kind.substring(0, Math.min(kind.length(), LONGEST_KIND));
        kinds.merge(kind, 1, Integer::sum);
        Matcher closing = CLOSING.matcher(message);
        if (closing.matches()) {
            reasons.put(Integer.valueOf(closing.group(1)), closing.group(2));
        }
        boolean alarm = record.getThrown() != null || record.getLevel().intValue() >= Level.SEVERE.intValue();
        if (alarm && (record.getThrown() != null || !EXPECTED.matcher(message).matches())) {
            String thrown = record.getThrown() == null
                    ? ""
                    : record.getThrown().getClass().getName();
            String alarmKind = kind + " " + thrown;
            alarms.merge(alarmKind, 1, Integer::sum);
            traces.putIfAbsent(alarmKind, trace(record));
        }
    }

    private static String trace(LogRecord record) {
        StringBuilder text = new StringBuilder(record.getMessage());
        for (Throwable cause = record.getThrown(); cause != null; cause = cause.getCause()) {
            text.append("\n    ").append(cause);
            for (StackTraceElement frame : cause.getStackTrace()) {
                text.append("\n      ").append(frame);
            }
        }
        return text.toString();
    }

    /** {@return why the last connection of a client's port was closed, as far as that was logged} */
    synchronized String reason(int clientPort) {
        return reasons.getOrDefault(clientPort, "nothing in the log");
    }

    /** {@return how often each kind of line was logged} */
    public synchronized Map<String, Integer> kinds() {
        return new TreeMap<>(kinds);
    }

    /** {@return the lines that tell of a fault of the broker: with a stack trace, or at the level of errors} */
    public synchronized List<String> alarms() {
        List<String> all = new ArrayList<>();
        alarms.forEach((kind, times) -> all.add(times + " times: " + traces.get(kind)));
        return all;
    }

    @Override
    public void flush() {
        // Nothing is buffered.
    }

    @Override
    public void close() {
        for (Logger logger : LOGGERS) {
            logger.removeHandler(this);
            logger.setUseParentHandlers(true);
        }
    }
}
