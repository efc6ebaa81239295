package io.odradek.server.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Types numbered lines into a process, some hundred a second, until told to stop. */
final class Typist implements AutoCloseable {
    private static final long BETWEEN_LINES_NANOS = 2_000_000;

    private final ForeignProcess into;
    private final List<String> typed = new ArrayList<>();
    private final Thread thread;
    private volatile boolean stopped;
    private volatile IOException failed;

    Typist(ForeignProcess into) {
        this.into = into;
        this.thread = new Thread(this::run, "typist");
        thread.start();
    }

    private void run() {
        try {
            while (!stopped) {
                String line = "line " + typed.size();
                into.write(line + "\n");
                typed.add(line);
                LockSupport.parkNanos(BETWEEN_LINES_NANOS);
            }
        } catch (IOException e) {
            failed = e;
        }
    }

    /** Types no more. {@return all lines that were typed} */
    List<String> finish() throws IOException, InterruptedException {
        stopped = true;
        thread.join();
        if (failed != null) {
            throw failed;
        }
        return typed;
    }

    @Override
    public void close() {
        stopped = true;
        thread.interrupt();
    }
}
