package io.odradek.server.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** One ZooKeeper server or an ensemble of them, numbered from 1. */
final class ZooKeeperProcesses implements AutoCloseable {
    /** Sessions may last from 2 to 20 ticks, so from one to ten seconds. */
    private static final int TICK_MS = 500;

    private static final int ANSWERS_WITHIN_MS = 5_000;

    private final SortedMap<Integer, ServerProcess> servers = new TreeMap<>();
    private final SortedMap<Integer, Integer> ports = new TreeMap<>();

    private ZooKeeperProcesses() {}

    /** Servers that are not started yet. */
    static ZooKeeperProcesses of(Path folder, Software software, int count) throws IOException {
        ZooKeeperProcesses all = new ZooKeeperProcesses();
        List<String> ensemble = new ArrayList<>();
        for (int number = 1; count > 1 && number <= count; number++) {
            ensemble.add("server." + number + "=127.0.0.1:" + LoopbackPorts.free() + ":" + LoopbackPorts.free());
        }
        for (int number = 1; number <= count; number++) {
            all.add(folder.resolve("zookeeper-" + number), software, number, ensemble);
        }
        return all;
    }

    private void add(Path home, Software software, int number, List<String> ensemble) throws IOException {
        Path data = Files.createDirectories(home.resolve("data"));
        Files.writeString(data.resolve("myid"), Integer.toString(number));
        int port = LoopbackPorts.free();
        List<String> lines = new ArrayList<>(List.of(
                "tickTime=" + TICK_MS,
                "initLimit=20",
                "syncLimit=10",
                "dataDir=" + data,
                "clientPort=" + port,
                "clientPortAddress=127.0.0.1",
                "admin.enableServer=false"));
        lines.addAll(ensemble);
        Path settings = home.resolve("zookeeper.properties");
        Files.write(settings, lines);
        ports.put(number, port);
        ProcessBuilder command = software.zooKeeper(settings, home);
        servers.put(number, new ServerProcess("ZooKeeper " + number, command, home.resolve("out")));
    }

    /** All hosts and ports, as {@code zookeeper.connect} has them. */
    String connect() {
        return ports.values().stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    /** Starts all, and returns when they serve. */
    void start() throws IOException {
        for (ServerProcess server : servers.values()) {
            server.start();
        }
        servers.keySet().forEach(this::awaitServing);
    }

    /** Starts one that is down, and returns when it serves. */
    void start(int number) throws IOException {
        servers.get(number).start();
        awaitServing(number);
    }

    void kill(int number) throws InterruptedException {
        servers.get(number).kill();
    }

    void pause(int number) throws IOException, InterruptedException {
        servers.get(number).pause();
    }

    void resume(int number) throws IOException, InterruptedException {
        servers.get(number).resume();
    }

    void stop(int number) throws InterruptedException {
        servers.get(number).stop();
    }

    /** The server that leads the ensemble. */
    int leader() throws IOException {
        return serverThatIs("leader");
    }

    /** A server that follows in the ensemble. */
    int follower() throws IOException {
        return serverThatIs("follower");
    }

    private int serverThatIs(String mode) throws IOException {
        for (int number : servers.keySet()) {
            if (state(number).contains("Mode: " + mode)) {
                return number;
            }
        }
        throw new IOException("No ZooKeeper server is " + mode);
    }

    /** What a server says of itself. */
    private String state(int number) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ports.get(number))) {
            socket.setSoTimeout(ANSWERS_WITHIN_MS);
            socket.getOutputStream().write("srvr".getBytes(US_ASCII));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    private void awaitServing(int number) {
        Awaitility.await("ZooKeeper " + number)
                .atMost(ProcessCluster.PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    servers.get(number).assertRuns();
                    return state(number).contains("Mode: ");
                });
    }

    @Override
    public void close() {
        servers.values().forEach(ServerProcess::close);
    }
}
