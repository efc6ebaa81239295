package io.odradek.server.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The broker in a process of its own, so that it can be killed. */
public final class BrokerProcess implements AutoCloseable {
    private final Process process;
    private final Thread drain;

    private BrokerProcess(Process process, BufferedReader output) {
        this.process = process;
        this.drain = new Thread(() -> output.lines().forEach(line -> {}), "broker-output");
        drain.setDaemon(true);
        drain.start();
    }

    /**
     * Starts a broker and returns once it serves.
     *
     * @param folder for its settings, log folder and errors
     * @param port where it listens on the loopback interface
     * @param settings by Kafka's names
     */
    public static BrokerProcess start(Path folder, int port, Map<String, String> settings) throws IOException {
        return start(folder, port, settings, List.of(), "-Xmx256m");
    }

    /**
     * As the other.
     *
     * @param before what runs Java, with it as its last arguments; may be nothing
     * @param heap a JVM option
     */
    public static BrokerProcess start(
            Path folder, int port, Map<String, String> settings, List<String> before, String heap) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve("broker.properties");
        List<String> lines = new ArrayList<>(
                List.of("listeners=PLAINTEXT://127.0.0.1:" + port, "log.dirs=" + folder.resolve("data")));
        settings.forEach((name, value) -> lines.add(name + "=" + value));
        Files.write(file, lines);
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                heap,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.odradek.server.BrokerMain",
                file.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("broker.err").toFile()))
                .start();
        BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains("PLAINTEXT://127.0.0.1:" + port)) {
                return new BrokerProcess(process, output);
            }
        }
        throw new IOException("The broker did not start: " + Files.readString(folder.resolve("broker.err")));
    }

    /** {@return the process's number} */
    public long pid() {
        return process.pid();
    }

    /** Ends the process at once, as {@code kill -9} does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        drain.join();
    }

    /** Asks the process to stop, as {@code kill} does, and waits until it has. {@return its exit status} */
    public int stop() throws InterruptedException {
        process.destroy();
        int status = process.waitFor();
        drain.join();
        return status;
    }

    /** Waits for the process to end by itself. {@return its exit status} */
    public int awaitEnd() throws InterruptedException {
        int status = process.waitFor();
        drain.join();
        return status;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
