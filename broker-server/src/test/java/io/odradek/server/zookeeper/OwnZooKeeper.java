package io.odradek.server.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.awaitility.Awaitility;

/**
 * A ZooKeeper server as {@code bin/zookeeper-start.sh} runs it, in a process of its own: what guards a server is a matter of its whole
 * JVM.
 */
public final class OwnZooKeeper implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int SESSION_MS = 10_000;

    private final Process process;
    private final Path output;
    private final int port;
    private final int securePort;

    private OwnZooKeeper(Process process, Path output, int port, int securePort) {
        this.process = process;
        this.output = output;
        this.port = port;
        this.securePort = securePort;
    }

    /**
     * Starts one, and returns when it serves or has ended.
     *
     * @param folder for its settings, data and output
     * @param settings lines of its file, beside those of a server that listens at {@link #connect}; SECURE_PORT in them stands for
     *     a free port
     * @param options of its JVM
     */
    public static OwnZooKeeper start(Path folder, List<String> settings, String... options) throws IOException {
        int port = freePort();
        int securePort = freePort();
        List<String> lines = new ArrayList<>(List.of(
                "dataDir=" + folder.resolve("data"),
                "tickTime=500",
                "clientPort=" + port,
                "clientPortAddress=127.0.0.1"));
        settings.forEach(line -> lines.add(line.replace("SECURE_PORT", Integer.toString(securePort))));
        Path file = Files.createDirectories(folder).resolve("zookeeper.properties");
        Files.write(file, lines, UTF_8);
        Path output = folder.resolve("out");
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx128m"));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.odradek.server.ZooKeeperMain",
                file.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        OwnZooKeeper server = new OwnZooKeeper(process, output, port, securePort);
        Awaitility.await().atMost(PATIENCE).until(() -> !process.isAlive() || server.says("ZooKeeper serves "));
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean says(String text) throws IOException {
        return output().contains(text);
    }

    /** {@return what it has printed and logged} */
    public String output() throws IOException {
        return Files.readString(output, UTF_8);
    }

    /** {@return whether it serves} */
    public boolean serves() {
        return process.isAlive();
    }

    /** {@return where it listens without TLS} */
    public String connect() {
        return "127.0.0.1:" + port;
    }

    /** {@return where it listens with TLS} */
    public String secureConnect() {
        return "127.0.0.1:" + securePort;
    }

    /** {@return a client that looks on, without TLS; if there is a login, with it} */
    public ZooKeeper observer() throws IOException {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty("zookeeper.fips-mode", "false");
        ZooKeeper client = new ZooKeeper(connect(), SESSION_MS, event -> {}, false, config);
        Awaitility.await().atMost(PATIENCE).until(() -> client.getState().isConnected());
        return client;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
