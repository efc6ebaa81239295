package io.odradek.server.exactlyonce;

import io.odradek.server.crash.BrokerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/** One broker in a process of its own: it is killed as {@code kill -9} does. */
final class OneBroker implements Servers {
    private static final Map<String, String> SETTINGS = Map.of(
            "offsets.topic.num.partitions", "3",
            "offsets.topic.replication.factor", "1",
            "transaction.state.log.num.partitions", "3",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "transaction.abort.timed.out.transaction.cleanup.interval.ms", "500",
            "group.initial.rebalance.delay.ms", "0",
            "group.min.session.timeout.ms", "500",
            "log.cleaner.dedupe.buffer.size", "2097152");

    private final Path folder;
    private final int port;
    private BrokerProcess broker;

    OneBroker(Path folder) throws IOException {
        this.folder = folder;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        restart(0);
    }

    @Override
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    @Override
    public short replicas() {
        return 1;
    }

    @Override
    public int kill(Random random) throws InterruptedException {
        broker.kill();
        return 0;
    }

    @Override
    public void restart(int number) throws IOException {
        broker = BrokerProcess.start(folder, port, SETTINGS);
    }

    @Override
    public void close() {
        broker.close();
    }
}
