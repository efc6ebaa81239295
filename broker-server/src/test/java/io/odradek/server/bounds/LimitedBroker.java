package io.odradek.server.bounds;

import io.odradek.server.crash.BrokerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/** The broker in a process of its own that may have few files open; on Linux. */
final class LimitedBroker implements AutoCloseable {
    private final Path folder;
    private final int port;
    private final int descriptors;
    private final String heap;
    private BrokerProcess process;

    /** @param heap a JVM option */
    LimitedBroker(Path folder, int descriptors, String heap) throws IOException {
        this.folder = folder;
        this.descriptors = descriptors;
        this.heap = heap;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = socket.getLocalPort();
        }
        start();
    }

    void start() throws IOException {
        List<String> limited = List.of("sh", "-c", "ulimit -n " + descriptors + "; exec \"$@\"", "sh");
        process = BrokerProcess.start(folder, port, Map.of("num.partitions", "1"), limited, heap);
    }

    void restart() throws IOException, InterruptedException {
        process.stop();
        start();
    }

    int port() {
        return port;
    }

    Admin admin() {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", "127.0.0.1:" + port));
    }

    /** {@return how many files and sockets it has open} */
    long open() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            return open.count();
        }
    }

    /** {@return what it has told on standard error} */
    String told() throws IOException {
        return Files.readString(folder.resolve("broker.err"));
    }

    @Override
    public void close() {
        process.close();
    }
}
