package io.odradek.server.embedded;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.server.Broker;
import io.odradek.server.BrokerOptions;
import io.odradek.server.env.MovableClock;
import io.odradek.server.env.ThreadEventLoop;
import io.odradek.server.net.Transport;
import io.odradek.storage.env.Meters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
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
    private final LongConsumer clusterWalk;
    private int port;
    private Broker broker;
    private EmbeddedBroker shown;
    private KillableDisk disk;
    private SharedTree.Way way;

    /**
     * @param settings of all brokers of the cluster
     * @param clock of all brokers
     * @param clusterWalk sets it forward, by nanoseconds
     */
    ClusterSlot(
            int id,
            Map<String, String> settings,
            Path folder,
            SharedTree tree,
            MovableClock clock,
            LongConsumer clusterWalk) {
        this.id = id;
        this.tree = tree;
        this.clock = clock;
        this.clusterWalk = clusterWalk;
        this.settings = new TreeMap<>(settings);
        this.settings.put("broker.id", Integer.toString(id));
        this.settings.put("log.dirs", folder.resolve("broker-" + id).toString());
    }

    /** Starts the broker; returns when it is registered. */
    void start() throws IOException {
        settings.put("listeners", "PLAINTEXT://127.0.0.1:" + port);
        BrokerConfig config = BrokerConfig.of(settings);
        disk = new KillableDisk(config.int32("odradek.closed.segments.max.open.files"));
        SharedTree.Way opened = tree.way();
        way = opened;
        AtomicReference<IOException> failure = new AtomicReference<>();
        BrokerOptions options = new BrokerOptions(
                Transport.NIO,
                true,
                Meters.NONE,
                surroundings -> opened,
                (failed, cause) -> {
                    LOG.error("Log folder {} was the last one online, and has failed", failed, cause);
                    failure.compareAndSet(null, cause);
                },
                0,
                clock);
        broker = Broker.start(config, options, disk);
        shown = new EmbeddedBroker(broker, null, failure, clock, clusterWalk);
        port = broker.advertised().values().iterator().next().port();
    }

    /** Stops the broker in good order, the leaders it has being handed over first or not. */
    void stop(boolean handOver) throws IOException {
        Broker stopped = broker;
        broker = null;
        if (handOver) {
            stopped.close();
        } else {
            stopped.closeAtOnce();
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
    }

    boolean isUp() {
        return broker != null;
    }

    /** {@return what the broker knows of the cluster} */
    MetadataImage image() {
        return broker.metadata();
    }

    EmbeddedBroker broker() {
        return shown;
    }

    /** Adds the loops that sleep by the clock, if it is up. */
    void addSleepers(List<ThreadEventLoop> loops) {
        if (broker != null) {
            loops.addAll(broker.sleepers());
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
