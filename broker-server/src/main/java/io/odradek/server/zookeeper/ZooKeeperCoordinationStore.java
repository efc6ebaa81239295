package io.odradek.server.zookeeper;

import io.odradek.core.coordination.CoordinationSession;
import io.odradek.storage.env.EventLoop;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;

/**
 * The tree in a ZooKeeper ensemble (servers from 3.6 on), over ZooKeeper's own client. The node that stands for the root
 * ({@code /chroot} of {@code zookeeper.connect}) is created if it is missing.
 */
public final class ZooKeeperCoordinationStore {
    private final Ensemble ensemble;
    private final Timeouts timeouts;
    private final int mostUnderWay;
    private final Executor blocking;

    /**
     * How long things may take.
     *
     * @param sessionMs {@code zookeeper.session.timeout.ms}: how long a silent session lives
     * @param connectionMs {@code zookeeper.connection.timeout.ms}: how long to wait for the first connection
     */
    public record Timeouts(int sessionMs, int connectionMs) {}

    /**
     * @param connect {@code zookeeper.connect}
     * @param mostUnderWay {@code zookeeper.max.in.flight.requests}
     * @param blocking waits for connections
     */
    public ZooKeeperCoordinationStore(String connect, Timeouts timeouts, int mostUnderWay, Executor blocking) {
        this.ensemble = Ensemble.parse(connect);
        this.timeouts = timeouts;
        this.mostUnderWay = mostUnderWay;
        this.blocking = blocking;
    }

    /**
     * Opens a session.
     *
     * @param loop where its results arrive
     * @return the connected session, on the loop; fails with {@link IOException} and one line for the operator if there is
     *     no connection in time
     */
    public CompletionStage<CoordinationSession> openSession(EventLoop loop) {
        CompletableFuture<CoordinationSession> opened = new CompletableFuture<>();
        blocking.execute(() -> {
            try {
                createRoot();
                CoordinationSession session = connect(ensemble.connectString(), loop);
                loop.post(() -> opened.complete(session));
            } catch (IOException | RuntimeException | KeeperException failure) {
                loop.post(() -> opened.completeExceptionally(failure));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                loop.post(() -> opened.completeExceptionally(interrupted));
            }
        });
        return opened;
    }

    private ZooKeeperSession connect(String servers, EventLoop loop) throws IOException, InterruptedException {
        SessionNews news = new SessionNews(loop);
        ZooKeeper client = new ZooKeeper(servers, timeouts.sessionMs(), news, false, new ZKClientConfig());
        if (!news.awaitConnection(timeouts.connectionMs())) {
            client.close();
            throw unreachable();
        }
        return new ZooKeeperSession(client, loop, new CallWindow(mostUnderWay), news);
    }

    private void createRoot() throws IOException, InterruptedException, KeeperException {
        if (ensemble.chroot().isEmpty()) {
            return;
        }
        SessionNews news = new SessionNews(null);
        ZooKeeper client = new ZooKeeper(ensemble.servers(), timeouts.sessionMs(), news, false, new ZKClientConfig());
        try {
            if (!news.awaitConnection(timeouts.connectionMs())) {
                throw unreachable();
            }
            int end = 0;
            while (end < ensemble.chroot().length()) {
                int next = ensemble.chroot().indexOf('/', end + 1);
                end = next < 0 ? ensemble.chroot().length() : next;
                createIfMissing(client, ensemble.chroot().substring(0, end));
            }
        } finally {
            client.close();
        }
    }

    private static void createIfMissing(ZooKeeper client, String path) throws InterruptedException, KeeperException {
        try {
            client.create(path, null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        } catch (KeeperException.NodeExistsException exists) {
            // That is what is wanted.
        }
    }

    private IOException unreachable() {
        return new IOException("ZooKeeper at " + ensemble.servers() + " cannot be reached within "
                + timeouts.connectionMs() + " ms (zookeeper.connect, zookeeper.connection.timeout.ms)");
    }
}
