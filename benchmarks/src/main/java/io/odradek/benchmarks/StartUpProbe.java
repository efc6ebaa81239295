package io.odradek.benchmarks;

import io.odradek.server.embedded.EmbeddedBroker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how soon a broker that is started by its script is of use to a client that runs already and waits for it:
 * milliseconds from the start of the script until its port is open, until a first record is acknowledged, and until that is
 * read by the member of a group. {@code start-up.sh} runs it.
 */
public final class StartUpProbe {
    private static final int WARM_UP_ROUNDS = 30;
    private static final long LOOK_AGAIN_NS = 1_000_000;
    private static final int END_WITHIN_SECONDS = 60;

    private StartUpProbe() {}

    /** Arguments: rounds, an empty folder, and the command that starts a broker, to which settings are added. */
    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        Path folder = Path.of(arguments[1]);
        warmUp();
        List<long[]> results = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            List<String> command = new ArrayList<>(List.of(arguments).subList(2, arguments.length));
            results.add(start(command, Files.createDirectory(folder.resolve("round-" + round))));
        }
        System.out.println("port open " + median(results, 0) + ", record acknowledged " + median(results, 1)
                + ", record of a group " + median(results, 2) + " (ms after exec, medians of " + rounds + ")");
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void warmUp() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            for (int round = 0; round < WARM_UP_ROUNDS; round++) {
                FirstRecord.write(broker.bootstrapServers(), "topic-" + round);
                FirstRecord.read(broker.bootstrapServers(), "topic-" + round, true);
            }
        }
    }

    private static long[] start(List<String> command, Path folder) throws Exception {
        int port = freePort();
        String address = "127.0.0.1:" + port;
        command.addAll(List.of(
                "--override", "listeners=PLAINTEXT://" + address, "--override", "log.dirs=" + folder.resolve("data")));
        ProcessBuilder starter = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile());
        starter.environment().put("BROKER_LOG_DIR", folder.resolve("logs").toString());
        long startNs = System.nanoTime();
        Process broker = starter.start();
        try {
            while (!isOpen(port)) {
                if (!broker.isAlive()) {
                    throw new IOException("No broker: " + Files.readString(folder.resolve("out")));
                }
                LockSupport.parkNanos(LOOK_AGAIN_NS);
            }
            long openMs = millisSince(startNs);
            FirstRecord.write(address, "first");
            long acknowledgedMs = millisSince(startNs);
            FirstRecord.read(address, "first", true);
            return new long[] {openMs, acknowledgedMs, millisSince(startNs)};
        } finally {
            broker.destroy();
            broker.waitFor(END_WITHIN_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static long median(List<long[]> results, int column) {
        List<Long> values = new ArrayList<>();
        for (long[] result : results) {
            values.add(result[column]);
        }
        Collections.sort(values);
        return values.get(values.size() / 2);
    }

    private static long millisSince(long startNs) {
        return (System.nanoTime() - startNs) / 1_000_000;
    }
}
