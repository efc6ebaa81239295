package io.odradek.server.storm;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Finds loops of the broker that are seen in the same handler again and again: in work that takes long for everybody. */
final class LongTasks {
    private static final long WORTH_TELLING_NS = TimeUnit.SECONDS.toNanos(2);
    private static final String HANDLERS = "io.odradek.core.request.";

    private final Map<Thread, Seen> seen = new HashMap<>();
    private final Map<String, Long> longestMs = new TreeMap<>();
    private final Map<String, StackTraceElement[]> stacks = new HashMap<>();

    private record Seen(String handler, long sinceNs) {}

    /** Looks at what all loops do just now. */
    void look() {
        for (Map.Entry<Thread, StackTraceElement[]> entry :
                Thread.getAllStackTraces().entrySet()) {
            if (entry.getKey().getName().matches("odradek-(network|owner|cluster).*")) {
                look(entry.getKey(), entry.getValue());
            }
        }
    }

    private void look(Thread thread, StackTraceElement[] stack) {
        String handler = handler(stack);
        long nowNs = System.nanoTime();
        Seen before = seen.get(thread);
        if (before == null || !before.handler().equals(handler)) {
            seen.put(thread, new Seen(handler, nowNs));
        } else if (!handler.isEmpty() && nowNs - before.sinceNs() > WORTH_TELLING_NS) {
            longestMs.merge(handler, (nowNs - before.sinceNs()) / 1_000_000, Math::max);
            stacks.put(handler, stack);
        }
    }

    private static String handler(StackTraceElement[] stack) {
        for (int i = stack.length - 1; i >= 0; i--) {
            String frame = stack[i].getClassName();
            if (frame.startsWith(HANDLERS) && !frame.contains("Dispatcher")) {
                return frame;
            }
        }
        return "";
    }

    /** {@return the handlers that took long, with the time and where they were seen} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        longestMs.forEach((handler, ms) -> {
            text.append(String.format("Busy for %d ms: %s%n", ms, handler));
            for (StackTraceElement frame : stacks.get(handler)) {
                text.append("      ").append(frame).append('\n');
            }
        });
        return text.toString();
    }
}
