package io.odradek.server.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own that is killed, paused, stopped and started again; what it writes is kept in a file. */
final class ServerProcess implements AutoCloseable {
    private static final long STOPS_WITHIN_SECONDS = 60;
    private static final int LAST_LINES = 30;

    private final String name;
    private final ProcessBuilder command;
    private final Path output;
    private Process process;

    /**
     * @param name for messages
     * @param command what runs it, as often as it is started
     * @param output where its output and errors are appended
     */
    ServerProcess(String name, ProcessBuilder command, Path output) {
        this.name = name;
        this.command =
                command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        this.output = output;
    }

    /** Starts the process, and does not wait for it to serve. */
    void start() throws IOException {
        if (runs()) {
            throw new IllegalStateException(name + " runs");
        }
        process = command.start();
    }

    /** Asks it to stop in order, as {@code kill} does, and waits until it has. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOPS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
            String threads = threads();
            process.destroyForcibly().waitFor();
            throw new AssertionError(
                    name + " did not stop within " + STOPS_WITHIN_SECONDS + " s\n" + lastLines() + threads);
        }
    }

    /** Ends it at once, as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Stops its clock: it does nothing at all until {@link #resume()}, but its connections stay. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    boolean runs() {
        return process != null && process.isAlive();
    }

    /** Fails with its last lines if it has ended. */
    void assertRuns() {
        if (!runs()) {
            throw new AssertionError(name + " has ended with status " + process.exitValue() + "\n" + lastLines());
        }
    }

    /** The end of what it wrote. */
    String lastLines() {
        try {
            List<String> lines = new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())) + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String threads() throws InterruptedException {
        try {
            Process dump = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(process.pid()),
                            "Thread.print")
                    .redirectErrorStream(true)
                    .start();
            return new String(dump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "no threads shown: " + e;
        }
    }

    private void signal(String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IOException("kill -" + signal + " of " + name + " failed");
        }
    }

    @Override
    public void close() {
        if (runs()) {
            process.destroyForcibly().onExit().join();
        }
    }
}
