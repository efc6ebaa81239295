package io.odradek.server.zookeeper;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.security.sasl.SaslException;
import org.apache.zookeeper.server.admin.AdminServer.AdminServerException;
import org.apache.zookeeper.server.quorum.QuorumPeer;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;
import org.apache.zookeeper.util.ServiceUtils;

/** A ZooKeeper ensemble of three servers inside this JVM, each of which can be stopped and started again. */
public final class TestQuorum implements AutoCloseable {
    /** How many servers there are, numbered from 0. */
    public static final int SIZE = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<QuorumPeerConfig> settings = new ArrayList<>();
    private final Server[] servers = new Server[SIZE];
    private final List<Integer> ports;

    /** Starts all three. */
    public TestQuorum(Path folder) throws IOException {
        ServiceUtils.setSystemExitProcedure(status -> {});
        System.setProperty("zookeeper.admin.enableServer", "false");
        ports = freePorts(SIZE * 3);
        for (int server = 0; server < SIZE; server++) {
            settings.add(settings(folder, server));
            start(server);
        }
        awaitAll();
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            sockets.add(socket);
            ports.add(socket.getLocalPort());
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }

    private QuorumPeerConfig settings(Path folder, int server) throws IOException {
        Path data = Files.createDirectories(folder.resolve("zookeeper-" + server));
        Files.writeString(data.resolve("myid"), Integer.toString(server + 1));
        List<String> lines = new ArrayList<>(List.of(
                "tickTime=500",
                "initLimit=20",
                "syncLimit=10",
                "dataDir=" + data,
                "clientPort=" + ports.get(server),
                "clientPortAddress=127.0.0.1"));
        for (int other = 0; other < SIZE; other++) {
            lines.add("server." + (other + 1) + "=127.0.0.1:" + ports.get(SIZE + other) + ":"
                    + ports.get(2 * SIZE + other));
        }
        Path file = folder.resolve("zookeeper-" + server + ".properties");
        Files.write(file, lines);
        QuorumPeerConfig parsed = new QuorumPeerConfig();
        try {
            parsed.parse(file.toString());
        } catch (QuorumPeerConfig.ConfigException refused) {
            throw new IOException(refused);
        }
        return parsed;
    }

    /** Starts a server, with what it had. */
    public void start(int server) {
        Server started = new Server(settings.get(server));
        servers[server] = started;
        started.thread.start();
    }

    /** Stops a server, and returns when its thread has ended. */
    public void stop(int server) throws InterruptedException {
        servers[server].close();
        servers[server].thread.join();
    }

    /** Waits until one server leads and all others follow. */
    public void awaitAll() {
        await().atMost(PATIENCE).until(() -> {
            int following = 0;
            for (Server server : servers) {
                following += server.serves("following") ? 1 : 0;
            }
            return leader() >= 0 && following == SIZE - 1;
        });
    }

    /** {@return the server that leads, -1 for none} */
    public int leader() {
        for (int server = 0; server < SIZE; server++) {
            if (servers[server].serves("leading")) {
                return server;
            }
        }
        return -1;
    }

    /** Ends a session as the leader does with one that was silent for too long. */
    public void expire(long session) {
        servers[leader()].peer.getActiveServer().closeSession(session);
    }

    /** {@return where all three listen} */
    public String connect() {
        List<String> servers = new ArrayList<>();
        for (int server = 0; server < SIZE; server++) {
            servers.add("127.0.0.1:" + ports.get(server));
        }
        return String.join(",", servers);
    }

    @Override
    public void close() {
        try {
            for (int server = 0; server < SIZE; server++) {
                stop(server);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Server extends QuorumPeerMain {
        private final Thread thread;
        private volatile QuorumPeer peer;

        Server(QuorumPeerConfig settings) {
            thread = new Thread(
                    () -> {
                        try {
                            runFromConfig(settings);
                        } catch (IOException | AdminServerException failure) {
                            throw new IllegalStateException(failure);
                        }
                    },
                    "zookeeper-" + settings.getServerId());
        }

        @Override
        protected QuorumPeer getQuorumPeer() throws SaslException {
            return new QuorumPeer() {
                @Override
                public synchronized void start() {
                    super.start();
                    peer = this;
                }
            };
        }

        boolean serves(String state) {
            QuorumPeer running = peer;
            return running != null
                    && running.isAlive()
                    && running.getActiveServer() != null
                    && running.getActiveServer().isRunning()
                    && running.getServerState().equals(state);
        }
    }
}
