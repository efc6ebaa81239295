package io.odradek.server.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One broker of Apache Kafka in a process of its own, in whatever cluster its settings name.
 *
 * @param process the broker
 */
public record KafkaBroker(Process process) implements AutoCloseable {
    private static final long LIMIT_SECONDS = 60;

    /**
     * Starts a broker and does not wait until it serves.
     *
     * @param folder for its settings and output
     * @param settings the lines of its file
     */
    public static KafkaBroker start(Peer peer, Path folder, List<String> settings) throws IOException {
        return start(peer, folder, settings, List.of());
    }

    /** As the other, with options of the JVM. */
    public static KafkaBroker start(Peer peer, Path folder, List<String> settings, List<String> options)
            throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve("server.properties");
        Files.write(file, settings, UTF_8);
        ProcessBuilder command = peer.java("kafka.Kafka", file.toString());
        command.command().addAll(1, options);
        return new KafkaBroker(command.redirectErrorStream(true)
                .redirectOutput(folder.resolve("broker.out").toFile())
                .start());
    }

    /** Lets the broker stop in order. */
    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            kill();
        }
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
