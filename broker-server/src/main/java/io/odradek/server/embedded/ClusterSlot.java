package io.odradek.server.embedded;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.transport.BrokerClient;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.Broker;
import io.odradek.server.BrokerHost;
import io.odradek.server.BrokerOptions;
import io.odradek.server.env.MovableClock;
import io.odradek.server.env.ThreadEventLoop;
import io.odradek.server.inspect.InspectionException;
import io.odradek.server.net.socket.Transport;
import io.odradek.storage.env.Meters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One broker's place in a cluster, from one life of the broker to the next: its id, its folder, and the port that its first
 * life was given.
 *
 * <pre>
 *   Down ── start ──▶ Up ── stop, kill ──▶ Down
 * </pre>
 */
final class ClusterSlot {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterSlot.class);

    private final int id;
    private final Map<String, String> settings;
    private final SharedTree tree;
    private final MovableClock clock;
    private final Meters meters;
    private final EmbeddedCluster cluster;
    private int port;
    private volatile Broker broker;
    private volatile OpenQuestions questions;
    private EmbeddedBroker shown;
    private KillableDisk disk;
    private SharedTree.Way way;
    private Faults faults;

    /**
     * @param settings of all brokers of the cluster
     * @param clock of all brokers
     * @param meters of this broker
     * @param cluster is where it stands
     */
    ClusterSlot(
            int id,
            Map<String, String> settings,
            Path folder,
            SharedTree tree,
            MovableClock clock,
            Meters meters,
            EmbeddedCluster cluster) {
        this.id = id;
        this.meters = meters;
        this.tree = tree;
        this.clock = clock;
        this.cluster = cluster;
        this.settings = new TreeMap<>(settings);
        this.settings.putIfAbsent("listeners", "PLAINTEXT://127.0.0.1:0");
        this.settings.put("broker.id", Integer.toString(id));
        this.settings.put("log.dirs", folder.resolve("broker-" + id).toString());
    }

    /** Starts the broker; returns when it is registered. */
    void start() throws IOException {
        BrokerConfig config = BrokerConfig.of(settings);
        disk = new KillableDisk(config.int32("odradek.closed.segments.max.open.files"));
        SharedTree.Way opened = tree.way();
        way = opened;
        AtomicReference<IOException> failure = new AtomicReference<>();
        BrokerOptions options = new BrokerOptions(
                Transport.NIO,
                true,
                meters,
                surroundings -> opened,
                (failed, cause) -> {
                    LOG.error("Log folder {} was the last one online, and has failed", failed, cause);
                    failure.compareAndSet(null, cause);
                },
                0,
                clock);
        questions = new OpenQuestions();
        broker = Broker.start(config, options, disk, new BrokerHost() {
            @Override
            public BrokerClient wayToOthers(BrokerClient direct) {
                return cluster.network().way(id, direct);
            }

            @Override
            public void beforeServing(Broker starting) {
                attachFaults(starting);
            }
        });
        shown = new EmbeddedBroker(this, broker, failure, clock);
        SortedMap<String, Endpoint> given = broker.advertised();
        settings.put("listeners", KeptPorts.in(settings.get("listeners"), given));
        port = given.values().iterator().next().port();
        given.values().forEach(endpoint -> cluster.network().listens(id, endpoint.port()));
    }

    /** Stops the broker in good order, the leaders it has being handed over first or not. */
    void stop(boolean handOver) throws IOException {
        Broker stopped = broker;
        broker = null;
        try {
            if (handOver) {
                stopped.close();
            } else {
                stopped.closeAtOnce();
            }
        } finally {
            endFaults();
            questions.end();
        }
    }

    /** Ends the broker as a crash does. */
    void kill() {
        Broker killed = broker;
        broker = null;
        killed.kill(() -> {
            disk.kill();
            way.cut();
        });
        endFaults();
        questions.end();
    }

    int id() {
        return id;
    }

    EmbeddedCluster cluster() {
        return cluster;
    }

    boolean isUp() {
        return broker != null;
    }

    /** {@return what the broker knows of the cluster} */
    MetadataImage image() {
        return broker.metadata();
    }

    /** {@return what the broker knows of the cluster, null if it is down} */
    MetadataImage imageIfUp() {
        Broker asked = broker;
        return asked == null ? null : asked.metadata();
    }

    /** {@return whether it is up, and with the others} */
    boolean isReachable() {
        return broker != null && !cluster.network().isIsolated(id);
    }

    /** Cuts the broker, which is up, off from the tree. */
    void isolate() {
        way.isolate();
    }

    /** The broker, which is up, may come back to the tree. */
    void rejoin() {
        way.rejoin();
    }

    EmbeddedBroker broker() {
        return shown;
    }

    /** Asks the broker, if it is up; if it is not, somebody else may have taken its place a moment later. */
    CompletionStage<ApiResponse> ask(ApiKey api, int version, ApiRequest request) {
        Broker asked = broker;
        return asked == null
                ? CompletableFuture.failedStage(
                        new InspectionException("Broker " + id + " is down", null, ErrorCode.NETWORK_EXCEPTION))
                : questions.ask(asked, api, version, request);
    }

    /** {@return its faults, which go on from one life to the next} */
    synchronized Faults faults() {
        if (faults == null) {
            faults = new Faults(clock);
            faults.attach(broker, disk.files());
        }
        return faults;
    }

    private synchronized void attachFaults(Broker starting) {
        if (faults != null) {
            faults.attach(starting, disk.files());
        }
    }

    synchronized void undoFaults() {
        if (faults != null) {
            faults.reset();
        }
    }

    private synchronized void endFaults() {
        if (faults != null) {
            faults.detach();
        }
    }

    /** Adds the loops that sleep by the clock, if it is up. */
    synchronized void addSleepers(List<ThreadEventLoop> loops) {
        if (broker != null) {
            loops.addAll(broker.sleepers());
            if (faults != null) {
                faults.addSleepers(loops);
            }
        }
    }

    /** Holds back its clients, if it is up. */
    void holdClients(List<StillClients> held) {
        if (broker != null) {
            held.add(StillClients.of(broker));
        }
    }

    /** Has it look at the clock, which was moved. */
    void lookAtClock() {
        if (broker != null) {
            broker.lookAtClock();
        }
    }

    /** {@return where it listens, or did before it went down} */
    String address() {
        return "127.0.0.1:" + port;
    }
}
