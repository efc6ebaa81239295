package io.odradek.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How long this process has run. On Linux it is read from {@code /proc}, to ten milliseconds, which is much cheaper to load
 * than the JVM's management interface; elsewhere it counts from the first use of this class.
 */
final class ProcessAge {
    private static final long FIRST_USE_NS = System.nanoTime();
    private static final int START_TIME_FIELD = 22;
    private static final int TICKS_PER_SECOND = 100;

    private ProcessAge() {}

    /** {@return milliseconds since the process was started, less {@code odradek.prepared.ms}, which the script spent building} */
    static long millis() {
        try {
            String uptime = Files.readString(Path.of("/proc/uptime"));
            String stat = Files.readString(Path.of("/proc/self/stat"));
            double nowSeconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
            long preparedMs = Long.getLong("odradek.prepared.ms", 0);
            return Math.round(nowSeconds * 1000) - startTicks(stat) * 1000 / TICKS_PER_SECOND - preparedMs;
        } catch (IOException | RuntimeException notLinux) {
            return (System.nanoTime() - FIRST_USE_NS) / 1_000_000;
        }
    }

    /** The second field is the command in parentheses, which may hold blanks. */
    private static long startTicks(String stat) {
        int at = stat.lastIndexOf(')') + 1;
        for (int field = 2; field < START_TIME_FIELD; field++) {
            at = stat.indexOf(' ', at + 1);
            if (field == 2) {
                at = stat.lastIndexOf(')') + 1;
            }
        }
        return Long.parseLong(stat.substring(at + 1, stat.indexOf(' ', at + 1)));
    }
}
