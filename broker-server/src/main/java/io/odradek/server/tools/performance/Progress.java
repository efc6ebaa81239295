package io.odradek.server.tools.performance;

import io.odradek.server.tools.Terminal;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A last line on a terminal that tells again and again how far the work is, below what is printed meanwhile. Where nobody looks at
 * standard error there is none.
 */
final class Progress implements AutoCloseable {
    private static final long EVERY_MS = 500;
    /** Back to the first column, and what stands in the line is deleted. */
    private static final String CLEARED = "\r\u001b[K";

    private final Terminal terminal;
    private final Thread thread;
    private boolean shown;
    private boolean closed;

    /** @param state the line; asked for by a thread of this */
    Progress(Terminal terminal, Supplier<String> state) {
        this.terminal = terminal;
        this.thread = terminal.isFollowed() ? new Thread(() -> tell(state), "progress") : null;
        if (thread != null) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** {@return the line of how far it is} @param wanted how many are to be done in all @param done how many are */
    static String line(long wanted, long done, String rates) {
        return String.format(Locale.ROOT, "%5.1f %% of %,d records, %s", 100.0 * done / wanted, wanted, rates);
    }

    /** {@return the rates of a stretch in a line} */
    static String rates(Stretch stretch, long endNanos) {
        return String.format(
                Locale.ROOT,
                "%,.0f a second, %.2f MB/s, p99 %.1f ms",
                stretch.recordsPerSecond(endNanos),
                stretch.megabytesPerSecond(endNanos),
                stretch.latencies().percentileMs(0.99));
    }

    private void tell(Supplier<String> state) {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(EVERY_MS);
                show(state.get());
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void show(String state) {
        if (!closed) {
            terminal.err().print(CLEARED + state);
            terminal.err().flush();
            shown = true;
        }
    }

    /** Prints a line of results at once, above that of the progress. */
    synchronized void result(String line) {
        clear();
        terminal.line(line);
        terminal.out().flush();
    }

    private void clear() {
        if (shown) {
            terminal.err().print(CLEARED);
            terminal.err().flush();
            shown = false;
        }
    }

    /** Takes the line away, for good. */
    synchronized void end() {
        closed = true;
        clear();
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public void close() {
        end();
    }
}
