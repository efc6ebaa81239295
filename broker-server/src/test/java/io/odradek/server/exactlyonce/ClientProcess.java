package io.odradek.server.exactlyonce;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A client in a process of its own, which may be killed in the middle of anything.
 *
 * @param process it
 */
record ClientProcess(Process process) implements AutoCloseable {
    private static final long STOP_WITHIN_SECONDS = 60;

    /**
     * Starts one.
     *
     * @param output the file that takes what it prints, after what is in it
     * @param command its command line
     */
    static ClientProcess start(Path output, ProcessBuilder command) throws IOException {
        return new ClientProcess(command.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it at once, as {@code kill -9} does. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Asks it to end. {@return whether it did} */
    boolean stop() throws InterruptedException {
        process.destroy();
        return process.waitFor(STOP_WITHIN_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        kill();
    }
}
