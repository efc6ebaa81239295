package io.odradek.server.zookeeper;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.core.coordination.CoordinationHome;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.RetryingSession;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Meters;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.client.StaticHostProvider;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ZKConfig;

/**
 * The tree in a ZooKeeper ensemble (servers from 3.6 on), over ZooKeeper's own client. The node that stands for the root
 * ({@code /chroot} of {@code zookeeper.connect}) is created if it is missing.
 */
public final class ZooKeeperCoordinationStore implements CoordinationHome {
    static final String CONNECT = "zookeeper.connect";
    private static final String SESSION_TIMEOUT = "zookeeper.session.timeout.ms";
    private static final String CONNECTION_TIMEOUT = "zookeeper.connection.timeout.ms";

    /** What is read of one answer, which may name as many topics as there are, where {@code jute.maxbuffer} says nothing. */
    private static final int MOST_READ_BYTES = 64 << 20;

    /** How long to wait where a server refuses the login that was good before. */
    private static final long REFUSED_AGAIN_MS = 5_000;

    private final Ensemble ensemble;
    private final Timeouts timeouts;
    private final int mostUnderWay;
    private final Clock clock;
    private final Executor blocking;
    private final Meters meters;
    private final ClientSecurity security;
    private final Set<CompletableFuture<Void>> ends = ConcurrentHashMap.newKeySet();

    /**
     * How long things may take.
     *
     * @param sessionMs {@code zookeeper.session.timeout.ms}: how long a silent session lives
     * @param connectionMs {@code zookeeper.connection.timeout.ms}: how long to wait for the first connection
     */
    public record Timeouts(int sessionMs, int connectionMs) {
        /** {@return what is configured; a connection may take as long as a session lives if nothing else is said} */
        public static Timeouts of(BrokerConfig config) {
            int sessionMs = config.int32(SESSION_TIMEOUT);
            return new Timeouts(
                    sessionMs, config.isSet(CONNECTION_TIMEOUT) ? config.int32(CONNECTION_TIMEOUT) : sessionMs);
        }
    }

    /**
     * @param connect {@code zookeeper.connect}
     * @param mostUnderWay {@code zookeeper.max.in.flight.requests}
     * @param clock for how long lost calls are tried again, which is as long as a silent session lives
     * @param blocking waits for connections
     */
    public ZooKeeperCoordinationStore(
            String connect, Timeouts timeouts, int mostUnderWay, Clock clock, Executor blocking) {
        this(
                connect,
                timeouts,
                mostUnderWay,
                clock,
                blocking,
                Meters.NONE,
                ClientSecurity.of(BrokerConfig.of(Map.of())));
    }

    /** As the other, over guarded connections, and counts what becomes of sessions. */
    private ZooKeeperCoordinationStore(
            String connect,
            Timeouts timeouts,
            int mostUnderWay,
            Clock clock,
            Executor blocking,
            Meters meters,
            ClientSecurity security) {
        this.ensemble = Ensemble.parse(connect);
        this.timeouts = timeouts;
        this.mostUnderWay = mostUnderWay;
        this.clock = clock;
        this.blocking = blocking;
        this.meters = meters;
        this.security = security;
    }

    /**
     * {@return opens the way to the ensemble that a broker's configuration names}
     *
     * @throws ConfigException if that names none, or what guards the connection cannot be used
     */
    public static Opener opener(BrokerConfig config, Clock clock, Meters meters) {
        String connect = config.zooKeeperConnect();
        Ensemble.parse(connect);
        ClientSecurity security = ClientSecurity.of(config);
        Timeouts timeouts = Timeouts.of(config);
        int mostUnderWay = config.int32("zookeeper.max.in.flight.requests");
        return surroundings -> new ZooKeeperCoordinationStore(
                connect, timeouts, mostUnderWay, clock, surroundings.blocking(), meters, security);
    }

    /** Prepares a process of the broker's own for what its configuration says of TLS with ZooKeeper, before anything else. */
    public static void prepareProcess(BrokerConfig config) {
        if (config.flag(ClientTls.ENABLE)) {
            ClientTls.leaveNamesToSettings(config);
        }
    }

    @Override
    public boolean isOneBrokers() {
        return false;
    }

    /** {@return completes when the ensemble knows of the end of all sessions that were closed} */
    @Override
    public CompletionStage<Void> close() {
        return ends.isEmpty()
                ? CompletableFuture.completedStage(null)
                : CompletableFuture.allOf(ends.toArray(new CompletableFuture<?>[0]));
    }

    @Override
    public CompletionStage<CoordinationSession> openSession(EventLoop loop) {
        return open(loop).thenApply(session -> new RetryingSession(session, loop, clock, session.timeoutMs()));
    }

    /** {@return the session, whose calls fail when the connection does; otherwise as {@link #openSession}} */
    CompletionStage<ZooKeeperSession> open(EventLoop loop) {
        CompletableFuture<ZooKeeperSession> opened = new CompletableFuture<>();
        blocking.execute(() -> {
            try {
                createRoot();
                ZooKeeperSession session = connect(ensemble.connectString(), loop);
                loop.post(() -> opened.complete(session));
            } catch (IOException | RuntimeException failure) {
                loop.post(() -> opened.completeExceptionally(failure));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                loop.post(() -> opened.completeExceptionally(interrupted));
            }
        });
        return opened;
    }

    private ZooKeeperSession connect(String servers, EventLoop loop) throws IOException, InterruptedException {
        SessionNews news = new SessionNews(loop, meters);
        ZKClientConfig config = security.clientConfig();
        int serversReadBytes = config.getInt(ZKConfig.JUTE_MAXBUFFER, 0);
        // Not all of a request is counted.
        int maxBytes = serversReadBytes == 0 ? CoordinationStore.MAX_TRANSACTION_BYTES : serversReadBytes / 20 * 19;
        if (serversReadBytes == 0) {
            config.setProperty(ZKConfig.JUTE_MAXBUFFER, Integer.toString(MOST_READ_BYTES));
        }
        Attachment attachment = attach(servers, news, config);
        try {
            awaitWelcome(attachment, news);
        } catch (IOException | RuntimeException refused) {
            end(attachment.detach());
            throw refused;
        }
        attachment.welcomed(task -> loop.post(() -> loop.schedule(REFUSED_AGAIN_MS, task)));
        return new ZooKeeperSession(
                attachment, loop, new CallWindow(mostUnderWay), news, this::end, security.acls(), maxBytes);
    }

    /** That there is a connection does not mean that its server takes calls from this broker: the first one tells. */
    private void awaitWelcome(Attachment attachment, SessionNews news) throws IOException, InterruptedException {
        if (!news.awaitConnection(timeouts.connectionMs())) {
            throw unreachable();
        }
        try {
            attachment.client().exists("/", false);
        } catch (KeeperException.AuthFailedException | KeeperException.SessionClosedRequireAuthException refused) {
            throw new IOException("ZooKeeper at " + ensemble.servers() + " refuses " + security.login(), refused);
        } catch (KeeperException lost) {
            if (news.isRefused()) {
                throw new IOException("ZooKeeper at " + ensemble.servers() + " refuses " + security.login(), lost);
            }
            // The calls of the session are tried again.
        }
    }

    private Attachment attach(String servers, SessionNews news, ZKClientConfig config) throws IOException {
        int ms = timeouts.sessionMs();
        Attachment.Opener opener = (watcher, former) -> former == null
                ? new ZooKeeper(servers, ms, watcher, false, config)
                : new ZooKeeper(
                        servers,
                        ms,
                        watcher,
                        former.getSessionId(),
                        former.getSessionPasswd(),
                        false,
                        new StaticHostProvider(new ConnectStringParser(servers).getServerAddresses()),
                        config);
        return new Attachment(opener, clock, ms, news::tell);
    }

    /** Waits, where it may, until the ensemble knows that a session is over or cannot be told. */
    private void end(ZooKeeper client) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        ends.add(ended);
        blocking.execute(() -> {
            try {
                client.close();
            } catch (InterruptedException notNow) {
                Thread.currentThread().interrupt();
            } finally {
                ends.remove(ended);
                ended.complete(null);
            }
        });
    }

    private void createRoot() throws IOException, InterruptedException {
        if (ensemble.chroot().isEmpty()) {
            return;
        }
        SessionNews news = new SessionNews(null, Meters.NONE);
        Attachment attachment = attach(ensemble.servers(), news, security.clientConfig());
        ZooKeeper client = attachment.client();
        try {
            awaitWelcome(attachment, news);
            int end = 0;
            while (end < ensemble.chroot().length()) {
                int next = ensemble.chroot().indexOf('/', end + 1);
                end = next < 0 ? ensemble.chroot().length() : next;
                createIfMissing(client, ensemble.chroot().substring(0, end));
            }
        } catch (KeeperException refused) {
            throw new IOException(
                    "ZooKeeper at " + ensemble.servers() + " does not create " + ensemble.chroot() + ": "
                            + refused.getMessage(),
                    refused);
        } finally {
            end(attachment.detach());
        }
    }

    private void createIfMissing(ZooKeeper client, String path) throws InterruptedException, KeeperException {
        try {
            client.create(path, null, security.acls().of(path), CreateMode.PERSISTENT);
        } catch (KeeperException.NodeExistsException exists) {
            // That is what is wanted.
        }
    }

    private IOException unreachable() {
        String unknown = new ConnectStringParser(ensemble.servers())
                .getServerAddresses().stream()
                        .map(InetSocketAddress::getHostString)
                        .filter(host -> new InetSocketAddress(host, 0).isUnresolved())
                        .map(host -> ": there is no host of the name " + host)
                        .findFirst()
                        .orElse("");
        return new IOException("ZooKeeper at " + ensemble.servers() + " cannot be reached within "
                + timeouts.connectionMs() + " ms (" + CONNECT + ", " + CONNECTION_TIMEOUT + ")"
                + (unknown.isEmpty() ? security.whyUnreachable(ensemble.servers()) : unknown));
    }
}
