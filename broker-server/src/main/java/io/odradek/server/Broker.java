package io.odradek.server;

import io.odradek.core.brokers.BrokerLines;
import io.odradek.core.config.AdminListener;
import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.Listener;
import io.odradek.core.config.LiveConfig;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationHome;
import io.odradek.core.engine.BrokerEngine;
import io.odradek.core.engine.EngineEnvironment;
import io.odradek.core.memory.MemoryAccount;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.quota.AddressRates;
import io.odradek.core.quota.ClientQuotas;
import io.odradek.core.transport.BrokerClient;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.server.admin.AdminServer;
import io.odradek.server.env.PlainRandoms;
import io.odradek.server.env.SecureRandoms;
import io.odradek.server.env.ThreadEventLoop;
import io.odradek.server.inspect.BrokerAccess;
import io.odradek.server.inspect.ClusterAccess;
import io.odradek.server.lag.LagWatch;
import io.odradek.server.net.NetworkServer;
import io.odradek.server.net.RequestReceiver;
import io.odradek.server.net.secure.ListenerSecurity;
import io.odradek.server.zookeeper.OldZooKeeper;
import io.odradek.server.zookeeper.ZooKeeperCoordinationStore;
import io.odradek.storage.env.Guests;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.io.NioLogFileSystem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running broker: the engine with threads, files and sockets. It takes its ports first, then starts the engine, and
 * accepts connections when that serves; a failure on the way gives back all that was taken.
 */
public final class Broker implements AutoCloseable, LiveConfig.Room, RequestReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

    /** What it does at present, in the numbers that Kafka shows. */
    private static final int STARTING = 1;

    private static final int RUNNING = 3;
    private static final int HANDING_OVER = 6;
    private static final int STOPPING = 7;

    private final BrokerHost host;
    private final Guests guests;
    private final MemoryAccount memory;
    private final BrokerThreads threads;
    private final ListenerSecurity security;
    private final NetworkServer network;
    private final BrokerClient brokers;
    private final SortedMap<String, Endpoint> advertised = new TreeMap<>();
    private BrokerEngine engine;
    private volatile int state = STARTING;
    private volatile RequestReceiver inFront;
    private AdminServer admin;
    private LagWatch lag;
    private ClusterAccess cluster;
    private boolean closed;

    private Broker(BrokerConfig config, BrokerOptions options, BrokerHost host) {
        this.host = host;
        guests = new Guests(
                options.clock(), options.guest() ? new PlainRandoms() : new SecureRandoms(), options.meters());
        memory = MemoryAccount.of(config, Runtime.getRuntime().maxMemory(), NetworkServer.mostDirectBytes());
        memory.show(options.meters());
        if (options.meters().kept()) {
            options.meters().gauge("broker.state", () -> state);
        }
        security = config.listeners().areGuarded() ? GuardedListeners.of(config, guests) : null;
        network = new NetworkServer(config, options.transport(), guests, options.guest(), memory, this, security);
        try {
            threads = new BrokerThreads(config, guests, options.guest());
        } catch (RuntimeException | Error failure) {
            network.close();
            closeLogins();
            throw failure;
        }
        brokers = host.wayToOthers(network.brokerClient(threads.loops().blocking()));
    }

    /**
     * Starts a broker; returns when it serves.
     *
     * @throws io.odradek.core.config.ConfigException if the configuration cannot be served
     * @throws IOException if a port, a log folder or the cluster refuses it; the message is one line for the operator
     */
    public static Broker start(BrokerConfig config, BrokerOptions options) throws IOException {
        return start(config, options, BrokerHost.NONE);
    }

    /** As the other, for somebody who does more than to start it. */
    public static Broker start(BrokerConfig config, BrokerOptions options, BrokerHost host) throws IOException {
        int closedFiles = config.int32("odradek.closed.segments.max.open.files");
        if (options.mostDescriptors() <= 0) {
            return start(config, options, new NioLogFileSystem(closedFiles), host);
        }
        DescriptorShares shares =
                DescriptorShares.of(options.mostDescriptors(), config.int32("max.connections"), closedFiles);
        return start(config, options, new NioLogFileSystem(shares.closedFiles(), shares.filesInUse()), host);
    }

    /** As the other, on a disk of the caller's. */
    public static Broker start(BrokerConfig config, BrokerOptions options, LogFileSystem disk) throws IOException {
        return start(config, options, disk, BrokerHost.NONE);
    }

    /** As the others, for somebody who does more than to start it. */
    public static Broker start(BrokerConfig config, BrokerOptions options, LogFileSystem disk, BrokerHost host)
            throws IOException {
        Broker broker = new Broker(config, options, host);
        try {
            broker.open(config, options, disk);
            return broker;
        } catch (IOException | RuntimeException | Error failure) {
            try {
                broker.close();
            } catch (IOException | RuntimeException further) {
                failure.addSuppressed(further);
            }
            throw failure;
        }
    }

    private void open(BrokerConfig config, BrokerOptions options, LogFileSystem disk) throws IOException {
        for (String warning : config.warnings()) {
            LOG.warn(warning);
        }
        if (config.isSet(AdminListener.SETTING)) {
            admin = adminServer(config);
        }
        if (options.mostDescriptors() > 0) {
            shareDescriptors(config, options.mostDescriptors());
        }
        long mapBytes = memory.offsetMapBytes(config);
        if (config.flag("log.cleaner.enable") && mapBytes < config.int64("log.cleaner.dedupe.buffer.size")) {
            LOG.info(
                    "Of log.cleaner.dedupe.buffer.size, {} bytes are used: a fifth of the heap. Logs with more keys are cleaned in"
                            + " pieces; more heap (-Xmx) makes them larger",
                    mapBytes);
        }
        List<InetSocketAddress> bound = network.bind();
        for (int i = 0; i < bound.size(); i++) {
            Listener listener = config.listeners().advertised().get(i);
            advertised.put(listener.name(), endpoint(listener, bound.get(i)));
        }
        LiveConfig live = new LiveConfig(config, host.loggers());
        if (security != null) {
            GuardedListeners.guard(security, threads, live);
        }
        live.tell(this);
        EngineEnvironment environment = new EngineEnvironment(
                disk, guests, threads.loops(), memory, coordination(config, options), brokers, options.failures());
        engine = BrokerEngine.open(live, environment);
        adoptFromZooKeeper(config);
        if (security != null) {
            GuardedListeners.listen(security, engine);
        }
        try {
            engine.start(advertised).toCompletableFuture().join();
        } catch (CompletionException failure) {
            throw cause(failure);
        }
        threads.endRecovery();
        if (security != null) {
            GuardedListeners.require(security);
        }
        host.beforeServing(this);
        network.serve();
        if (security != null) {
            GuardedListeners.watch(security, config, threads);
        }
        if (admin != null || guests.meters().kept()) {
            cluster = new ClusterAccess(this, linesToOthers(config), guests.clock());
        }
        state = RUNNING;
        if (admin != null) {
            admin.serves(this);
        }
        if (guests.meters().kept() && config.int64("odradek.lag.interval.ms") > 0) {
            lag = LagWatch.start(
                    this, guests, config.int64("odradek.lag.interval.ms"), config.int32("odradek.lag.max.partitions"));
        }
    }

    private BrokerLines linesToOthers(BrokerConfig config) {
        BrokerLines.Listener way = new BrokerLines.Listener(
                config.listeners().interBrokerName(), "broker-" + brokerId() + "-look", ClusterAccess.ANSWER_WITHIN_MS);
        return BrokerLines.of(brokers, this::metadata, way, threads.loops().cluster(), guests.clock());
    }

    /** HTTP is on the class path of a distribution; an embedder brings it along. */
    private AdminServer adminServer(BrokerConfig config) throws IOException {
        try {
            return AdminServer.start(config, guests);
        } catch (NoClassDefFoundError missing) {
            throw new IOException(
                    AdminListener.SETTING
                            + " is set, but there is no HTTP: the distribution has it, broker-server needs"
                            + " io.netty:netty-codec-http on the class path, odradek-embedded does without",
                    missing);
        }
    }

    private void shareDescriptors(BrokerConfig config, int limit) {
        DescriptorShares shares = DescriptorShares.of(
                limit, config.int32("max.connections"), config.int32("odradek.closed.segments.max.open.files"));
        network.allowAtMost(shares.connections(), shares.refusal());
        LOG.info(shares.describe());
    }

    /** ZooKeeper's own client is on the class path of a distribution; an embedder brings it along. */
    private CoordinationHome.Opener coordination(BrokerConfig config, BrokerOptions options) throws IOException {
        if (config.zooKeeperConnect() == null) {
            return options.coordination();
        }
        try {
            return ZooKeeperCoordinationStore.opener(config, guests.clock(), guests.meters());
        } catch (NoClassDefFoundError missing) {
            throw new IOException(
                    "zookeeper.connect is set, but org.apache.zookeeper:zookeeper is not on the class path", missing);
        }
    }

    /** An old cluster's ZooKeeper is asked only where this broker finds topics that it does not know. */
    private void adoptFromZooKeeper(BrokerConfig config) throws IOException {
        if (!config.isSet(OldZooKeeper.CONNECT)
                || config.text(OldZooKeeper.CONNECT).isBlank()) {
            return;
        }
        if (config.zooKeeperConnect() != null) {
            LOG.warn(
                    "{} is ignored beside zookeeper.connect: that tells of the cluster's topics", OldZooKeeper.CONNECT);
            return;
        }
        try {
            engine.adoptSettingsFrom(OldZooKeeper.of(config));
        } catch (NoClassDefFoundError missing) {
            throw new IOException(
                    OldZooKeeper.CONNECT + " is set, but org.apache.zookeeper:zookeeper is not on the class path",
                    missing);
        }
    }

    @Override
    public CompletionStage<Void> changed(BrokerConfig before, BrokerConfig now) {
        return new BrokerChanges(threads, network, engine, security, state == RUNNING).take(before, now);
    }

    /** {@return what clients connect to, as {@code host:port}, one for each listener, by listener name} */
    public SortedMap<String, Endpoint> advertised() {
        return advertised;
    }

    /** {@return the log folders} */
    public List<Path> logFolders() {
        return engine.logFolders();
    }

    /** {@return the log folders that have not failed} */
    public List<Path> logFoldersOnline() {
        return engine.logFoldersOnline();
    }

    /** {@return the way to this broker and the others, for who looks at them; null where nobody is expected to} */
    public BrokerAccess cluster() {
        return cluster;
    }

    /** {@return where people and their tools may look at it, in the order of {@code admin.listeners}} */
    public List<URI> adminAddresses() {
        return admin == null ? List.of() : admin.addresses();
    }

    /** {@return the loops that sleep until a time of the broker's clock: who moves that wakes them, by a task of each} */
    public List<ThreadEventLoop> sleepers() {
        return threads.running();
    }

    /** Has the network look at the clock again, which was moved; returns when it has closed what was idle for too long. */
    public void lookAtClock() {
        network.lookAtClock();
    }

    /** {@return its front end} */
    NetworkServer network() {
        return network;
    }

    /** {@return what clients may make it use} */
    MemoryAccount memory() {
        return memory;
    }

    /** {@return how many times logs were forced because something appended was to be acknowledged} */
    public long forcesBeforeAcknowledgement() {
        return engine.forcesBeforeAcknowledgement();
    }

    /** {@return the broker's id} */
    public int brokerId() {
        return engine.brokerId();
    }

    /** {@return what the broker knows of its cluster} */
    public MetadataImage metadata() {
        return engine.metadata();
    }

    @Override
    public void receive(ApiRequest request, RequestContext context) {
        RequestReceiver first = inFront;
        if (first == null) {
            engine.receive(request, context);
        } else {
            first.receive(request, context);
        }
    }

    @Override
    public ClientQuotas quotas() {
        return engine.quotas();
    }

    @Override
    public AddressRates addressRates() {
        return engine.addressRates();
    }

    /** Has all requests of clients go to somebody else first, who hands on to {@link #serve} what is to be served; null for nobody. */
    public void inFront(RequestReceiver receiver) {
        inFront = receiver;
    }

    /** {@return to whom all requests of clients go first, null for nobody} */
    public RequestReceiver inFront() {
        return inFront;
    }

    /** Serves a request of a client; on any thread. */
    public void serve(ApiRequest request, RequestContext context) {
        engine.receive(request, context);
    }

    /** As {@link BrokerEngine#ask}. */
    public CompletionStage<ApiResponse> ask(ApiKey api, int version, ApiRequest request) {
        return engine.ask(api, version, request);
    }

    /**
     * Stops: hands over what it leads, takes no more requests, leaves the cluster, closes the logs with their clean-shutdown
     * marks, ends all threads. May be called again.
     */
    @Override
    public void close() throws IOException {
        close(true);
    }

    /** As {@link #close}, without handing over: for who stops the other brokers too. */
    public void closeAtOnce() throws IOException {
        close(false);
    }

    private synchronized void close(boolean handOver) throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        stopLooking();
        if (handOver) {
            state = HANDING_OVER;
            handOver();
        }
        state = STOPPING;
        network.stopReading();
        try {
            if (engine != null) {
                stopEngine();
            }
        } finally {
            brokers.close();
            threads.close();
            network.close();
            closeLogins();
            closeAdmin();
            guests.meters().ended();
        }
    }

    /** Those who ask the broker as clients do end before it stops. */
    private void stopLooking() {
        if (admin != null) {
            admin.stops();
        }
        if (lag != null) {
            lag.close();
        }
    }

    private void closeLogins() {
        if (security != null) {
            GuardedListeners.close(security);
        }
    }

    private void closeAdmin() {
        if (admin != null) {
            admin.close();
        }
    }

    /**
     * Ends the broker as a crash does, as far as a process can that lives on: its connections are cut and nobody is told;
     * then its threads are ended and its files closed.
     *
     * @param cut cuts it off from its disk and from the tree, after which it can do no harm on its way out
     */
    public synchronized void kill(Runnable cut) {
        if (closed) {
            return;
        }
        closed = true;
        stopLooking();
        closeAdmin();
        brokers.close();
        network.close();
        closeLogins();
        cut.run();
        try {
            stopEngine();
        } catch (IOException expected) {
            LOG.debug("A broker that was killed could not tidy up", expected);
        } finally {
            threads.close();
            guests.meters().ended();
        }
    }

    private void handOver() {
        try {
            if (engine != null) {
                engine.handOver().toCompletableFuture().join();
            }
        } catch (CompletionException failure) {
            LOG.error("The broker stops without having handed over what it leads", failure.getCause());
        }
    }

    private void stopEngine() throws IOException {
        try {
            engine.stopServing().toCompletableFuture().join();
        } catch (CompletionException failure) {
            LOG.error("The broker could not leave the cluster in good order", failure.getCause());
        }
        brokers.close();
        threads.endOwners();
        OwnThread.run("odradek-close", engine::close);
    }

    private static Endpoint endpoint(Listener listener, InetSocketAddress bound) throws UnknownHostException {
        String host = listener.host().isEmpty() ? InetAddress.getLocalHost().getCanonicalHostName() : listener.host();
        return new Endpoint(host, listener.port() == 0 ? bound.getPort() : listener.port());
    }

    private static IOException cause(CompletionException failure) {
        List<Throwable> causes = new ArrayList<>();
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null && !causes.contains(cause)) {
            causes.add(cause);
            cause = cause.getCause();
        }
        boolean refused = cause instanceof IllegalStateException || cause instanceof CoordinationException;
        if (cause instanceof RuntimeException broken && !refused) {
            throw broken;
        }
        return cause instanceof IOException io ? io : new IOException(cause.getMessage(), cause);
    }
}
