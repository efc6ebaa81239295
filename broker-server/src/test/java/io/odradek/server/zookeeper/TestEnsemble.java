package io.odradek.server.zookeeper;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/** A ZooKeeper server inside this JVM, which can be stopped and started again on its port. */
public final class TestEnsemble implements AutoCloseable {
    private static final int TICK_MS = 500;
    private static final int MOST_CONNECTIONS = 100;
    private static final int TICKS_OF_A_SESSION = 20;

    private Path folder;
    private final int tickMs;
    private int port;
    private ZooKeeperServer server;
    private NIOServerCnxnFactory connections;
    private ZooKeeper observer;

    /** A server whose sessions last 10 seconds at most. */
    public TestEnsemble(Path folder) throws IOException, InterruptedException {
        this(folder, TICK_MS);
    }

    /** @param tickMs sessions last up to 20 of it */
    public TestEnsemble(Path folder, int tickMs) throws IOException, InterruptedException {
        this.folder = folder;
        this.tickMs = tickMs;
        start();
    }

    /** Starts the server again, with what it had. */
    public void start() throws IOException, InterruptedException {
        server = new ZooKeeperServer(folder.toFile(), folder.toFile(), tickMs);
        connections = new NIOServerCnxnFactory();
        connections.configure(new InetSocketAddress("127.0.0.1", port), MOST_CONNECTIONS);
        port = connections.getLocalPort();
        connections.startup(server);
    }

    /** Starts a server without a tree and sessions in the place of the one that was stopped. */
    public void startWithout(Path empty) throws IOException, InterruptedException {
        folder = empty;
        start();
    }

    /** Stops the server; sessions live on. */
    public void stop() {
        connections.shutdown();
        server.shutdown();
    }

    /** Ends a session as the server does with one that was silent for too long. */
    public void expire(long session) {
        server.closeSession(session);
    }

    /** {@return how many watches the server keeps} */
    public int watches() {
        return server.getZKDatabase().getDataTree().getWatchCount();
    }

    /** Cuts all connections. */
    public void cutConnections() {
        connections.closeAll(org.apache.zookeeper.server.ServerCnxn.DisconnectReason.CONNECTION_CLOSE_FORCED);
    }

    /** {@return a client that looks on; another one where the session of the one before has ended on a busy machine} */
    public synchronized ZooKeeper observer() throws IOException {
        if (observer == null || !observer.getState().isAlive()) {
            observer = new ZooKeeper(connect(), tickMs * TICKS_OF_A_SESSION, event -> {});
        }
        return observer;
    }

    /** {@return where it listens} */
    public String connect() {
        return "127.0.0.1:" + port;
    }

    @Override
    public synchronized void close() {
        if (observer != null) {
            try {
                observer.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        stop();
    }
}
