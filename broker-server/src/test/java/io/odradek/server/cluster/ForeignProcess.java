package io.odradek.server.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A client in another language that runs while something befalls its brokers. What it writes shows how far it is. */
public final class ForeignProcess implements AutoCloseable {
    private final Process process;
    private final Path output;
    private final Path errors;

    /** Starts it. @param output a file for what it writes */
    public ForeignProcess(ProcessBuilder command, Path output) throws IOException {
        this.output = output;
        this.errors = output.resolveSibling(output.getFileName() + ".err");
        this.process = command.redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
    }

    /** Gives it text to read. */
    public void write(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(UTF_8));
        process.getOutputStream().flush();
    }

    /** The whole lines that it has written. */
    public List<String> lines() throws IOException {
        String text = new String(Files.readAllBytes(output), UTF_8);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /** Waits until it has written so many lines more. */
    void awaitMoreLines(int count) throws IOException {
        awaitLines(lines().size() + count);
    }

    /** Waits until it has written so many lines. */
    public void awaitLines(int count) {
        Awaitility.await(count + " lines in " + output)
                .atMost(ProcessCluster.PATIENCE)
                .until(() -> {
                    if (lines().size() >= count) {
                        return true;
                    }
                    if (!process.isAlive()) {
                        throw new AssertionError("it has ended: " + errors());
                    }
                    return false;
                });
    }

    /** Ends its input, and waits until it has ended. {@return its exit status} */
    public int finish() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(ProcessCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("It does not end: " + errors());
        }
        return process.exitValue();
    }

    /** {@return what it has written to standard error} */
    public String errors() throws IOException {
        return new String(Files.readAllBytes(errors), UTF_8);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
