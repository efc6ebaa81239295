package io.odradek.server.oldfolders;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.server.clients.Peer;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A client of Kafka 0.10.2.2 in a process of its own, which does one thing after the other ({@code peers/OldClient.java}). */
final class OldClient implements AutoCloseable {
    private final Process process;
    private final Path errors;
    private final BufferedWriter orders;
    private final BufferedReader answers;

    /**
     * @param peer Kafka 0.10.2.2
     * @param folder for what it says of itself
     */
    OldClient(Peer peer, Path folder, String bootstrapServers) throws IOException {
        errors = folder.resolve("old-client.err");
        process = peer.java("src/test/peers/OldClient.java", bootstrapServers)
                .redirectError(errors.toFile())
                .start();
        orders = process.outputWriter(UTF_8);
        answers = process.inputReader(UTF_8);
    }

    /** {@return the lines of its answer} @param order what it is to do, as the comment of its program says */
    List<String> call(String order) throws IOException {
        orders.write(order);
        orders.newLine();
        orders.flush();
        List<String> lines = new ArrayList<>();
        for (String line = answers.readLine(); !"done".equals(line); line = answers.readLine()) {
            if (line == null) {
                throw new AssertionError(order + ": " + Files.readString(errors));
            }
            lines.add(line);
        }
        return lines;
    }

    @Override
    public void close() throws IOException {
        orders.close();
        process.onExit().join();
    }
}
