package io.odradek.server.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A process that has run to its end.
 *
 * @param status its exit status
 * @param output what it wrote to standard output
 * @param errors what it wrote to standard error
 */
public record Finished(int status, String output, String errors) {
    /**
     * Runs a process to its end.
     *
     * @param command what to run
     * @param input what it reads
     * @param limit after which it is killed and the test fails
     */
    public static Finished run(ProcessBuilder command, String input, Duration limit)
            throws IOException, InterruptedException {
        Path in = Files.createTempFile("in", ".txt");
        Path out = Files.createTempFile("out", ".txt");
        Path err = Files.createTempFile("err", ".txt");
        try {
            Files.writeString(in, input);
            Process process = command.redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            Finished finished = new Finished(process.exitValue(), read(out), read(err));
            if (!ended) {
                throw new AssertionError("Not finished after " + limit + ": " + command.command() + "\n" + finished);
            }
            return finished;
        } finally {
            Files.delete(in);
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), UTF_8);
    }
}
