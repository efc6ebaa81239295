package io.odradek.server.clients;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Apache Kafka with its ZooKeeper, in processes of their own.
 *
 * @param zooKeeper its ZooKeeper
 * @param kafka the broker
 * @param zooKeeperPort where ZooKeeper listens
 * @param port where the broker listens
 */
public record RunningKafka(Process zooKeeper, Process kafka, int zooKeeperPort, int port) implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /**
     * Starts both, and returns when they listen.
     *
     * @param folder for their settings and output
     * @param data the broker's log folder
     * @param more further settings of the broker, as lines of its file
     */
    public static RunningKafka start(Peer peer, Path folder, Path data, String... more) throws Exception {
        int zooKeeperPort = freePort();
        int port = freePort();
        Path zooKeeperSettings = folder.resolve("zookeeper.properties");
        Files.write(
                zooKeeperSettings,
                List.of(
                        "dataDir=" + folder.resolve("zookeeper"),
                        "clientPort=" + zooKeeperPort,
                        "clientPortAddress=127.0.0.1",
                        "admin.enableServer=false"));
        Path settings = folder.resolve("server.properties");
        List<String> lines = new ArrayList<>(List.of(
                "broker.id=0",
                "listeners=PLAINTEXT://127.0.0.1:" + port,
                "zookeeper.connect=127.0.0.1:" + zooKeeperPort,
                "log.dirs=" + data,
                "log.segment.bytes=65536",
                "offsets.topic.replication.factor=1",
                "offsets.topic.num.partitions=3"));
        lines.addAll(List.of(more));
        Files.write(settings, lines);
        Process zooKeeper =
                process(peer, folder, "org.apache.zookeeper.server.quorum.QuorumPeerMain", zooKeeperSettings);
        awaitPort(zooKeeperPort);
        Process kafka = process(peer, folder, "kafka.Kafka", settings);
        awaitPort(port);
        return new RunningKafka(zooKeeper, kafka, zooKeeperPort, port);
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Lets the broker stop in order, and ZooKeeper run on. */
    void stop() {
        kafka.destroy();
        kafka.onExit().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }

    void kill() {
        kafka.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        stop();
        zooKeeper.destroyForcibly().onExit().join();
    }

    private static Process process(Peer peer, Path folder, String mainClass, Path settings) throws IOException {
        Path output = folder.resolve(mainClass + ".out");
        return peer.java(mainClass, settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private static void awaitPort(int port) {
        await().atMost(LIMIT).ignoreExceptionsInstanceOf(IOException.class).until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        });
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
