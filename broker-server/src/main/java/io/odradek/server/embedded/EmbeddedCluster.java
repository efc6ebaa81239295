package io.odradek.server.embedded;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.server.env.MovableClock;
import io.odradek.server.env.ThreadEventLoop;
import io.odradek.server.inspect.BrokerAccess;
import io.odradek.storage.env.Meters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Several brokers inside this JVM, for tests: the engines of production on free ports of 127.0.0.1, with a tree of their own
 * instead of ZooKeeper. When {@link #start} returns, every broker knows all others and who is controller; when {@link #close}
 * returns, no thread, file or socket is left behind. Any number of clusters may run side by side. {@link #reset} brings back
 * brokers that are down or cut off, too. Thread-safe.
 *
 * <pre>{@code
 * try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
 *     Map<String, Object> settings = Map.of("bootstrap.servers", cluster.bootstrapServers());
 *     ...
 *     cluster.kill(2);
 *     ...
 *     cluster.restart(2);
 * }
 * }</pre>
 */
public final class EmbeddedCluster extends EmbeddedBrokers {
    private static final long LOOK_AGAIN_NS = 2_000_000;
    private static final int USUAL_REPLICAS = 3;

    private final SortedMap<Integer, ClusterSlot> slots = new TreeMap<>();
    private final ClusterNetwork network = new ClusterNetwork();
    private final MovableClock clock;
    private final SharedTree tree;
    private final BrokerGuard guard;
    private final Path temporaryFolder;
    private final long startWithinMs;
    private final List<TopicSpec> topics;
    private volatile boolean closed;

    private EmbeddedCluster(Builder builder, Map<String, String> settings, BrokerGuard guard, Path temporaryFolder)
            throws IOException {
        Path folder = temporaryFolder == null ? builder.folder : temporaryFolder;
        this.guard = guard;
        this.clock = builder.clock();
        this.tree = new SharedTree(folder.resolve("tree"), clock);
        this.temporaryFolder = temporaryFolder;
        this.startWithinMs = builder.startWithinMs;
        this.topics = builder.topics();
        for (int id = 1; id <= builder.brokers; id++) {
            slots.put(id, new ClusterSlot(id, settings, folder, tree, clock, builder.meters.apply(id), this));
        }
    }

    /** Starts a cluster of brokers 1 to N with the default settings of an embedded one; returns when it serves. */
    public static EmbeddedCluster start(int brokers) {
        return builder(brokers).start();
    }

    /** {@return what a cluster of brokers 1 to N is made with} */
    public static Builder builder(int brokers) {
        return new Builder(brokers);
    }

    /** {@return what to give a client as {@code bootstrap.servers}: all brokers, also those that are down now} */
    @Override
    public synchronized String bootstrapServers() {
        List<String> addresses = new ArrayList<>();
        for (ClusterSlot slot : slots.values()) {
            addresses.add(slot.address());
        }
        return String.join(",", addresses);
    }

    /** {@return the ids of the brokers that are up} */
    public synchronized SortedSet<Integer> up() {
        SortedSet<Integer> up = new TreeSet<>();
        slots.forEach((id, slot) -> {
            if (slot.isUp()) {
                up.add(id);
            }
        });
        return up;
    }

    /** {@return the broker that is controller, as the brokers that are up know; -1 for none} */
    public synchronized int controllerId() {
        for (ClusterSlot slot : slots.values()) {
            if (slot.isUp() && slot.image().controllerId() >= 0) {
                return slot.image().controllerId();
            }
        }
        return -1;
    }

    /**
     * {@return a broker, in its life that is now}
     *
     * @throws IllegalArgumentException if there is none of that id
     * @throws IllegalStateException if it is down
     */
    public synchronized EmbeddedBroker broker(int id) {
        return slotUp(id).broker();
    }

    /** Stops a broker in good order: it hands over what it leads, and leaves the marks of a clean stop. */
    public synchronized void stop(int id) {
        ClusterSlot slot = slotUp(id);
        unchecked(() -> slot.stop(true));
    }

    synchronized void stopIfUp(int id) {
        if (!closed && slots.get(id).isUp()) {
            stop(id);
        }
    }

    /**
     * Cuts a broker off, as a partition of the network does that outlasts its session: it reaches no other broker and not the
     * tree, and none reaches it, while clients go on reaching it. The others elect leaders for what it led; itself it still
     * takes for a leader, whose records with {@code acks=1} are lost when it is back, and with {@code acks=all} are not
     * acknowledged, as with Kafka: their producer sends them to the next leader once it has heard of that, at its next look at
     * the cluster ({@code metadata.max.age.ms}) or when a request of it has had no answer; a client that is connected to none but
     * the one that is cut off asks that one, and hears nothing new. Returns when all others know that it is gone.
     *
     * @return undoes it when it is closed, as {@link #rejoin} and {@link #reset} do
     */
    public synchronized Isolation isolate(int id) {
        ClusterSlot slot = slotUp(id);
        network.isolate(id);
        slot.isolate();
        unchecked(this::awaitAgreement);
        return new Isolation(this, id);
    }

    /** Ends the isolation of a broker; returns when all brokers know each other. Does nothing if it is not cut off. */
    public synchronized void rejoin(int id) {
        ClusterSlot slot = slot(id);
        if (network.isIsolated(id)) {
            network.rejoin(id);
            if (slot.isUp()) {
                slot.rejoin();
                unchecked(this::awaitAgreement);
            }
        }
    }

    /** Ends a broker as a crash does: connections are cut, nothing is tidied up, and the others find that its session is over. */
    public synchronized void kill(int id) {
        slotUp(id).kill();
    }

    /**
     * Starts a broker that is down, on its old port, or stops one that is up before. One that was cut off is with the others
     * again. Returns when all brokers know of it.
     */
    public synchronized void restart(int id) {
        ClusterSlot slot = slot(id);
        unchecked(() -> {
            if (slot.isUp()) {
                slot.stop(slot.isReachable());
            }
            network.rejoin(id);
            slot.start();
            awaitAgreement();
        });
    }

    /**
     * Sets the clock that all brokers share forward, as {@link EmbeddedBroker#advance} does. A broker that is cut off or down is
     * found missing by it as by time that passes; the others keep up with each other.
     *
     * @throws IllegalArgumentException if it is negative, as time does not go back, or if it is more than 200 years in all
     */
    public void advance(Duration duration) {
        walk(EmbeddedBroker.forward(duration));
    }

    /** {@return the clock of all brokers, which {@link #advance} moves; in UTC} */
    public Clock clock() {
        return BrokerClock.of(clock);
    }

    void walk(long ns) {
        whileClientsWait(() -> {
            new TimeWalk(clock, this::sleepers).by(ns);
            slots.values().forEach(ClusterSlot::lookAtClock);
        });
    }

    @Override
    synchronized void whileClientsWait(Runnable task) {
        if (closed) {
            throw new IllegalStateException("The cluster is closed");
        }
        List<StillClients> still = new ArrayList<>();
        slots.values().forEach(slot -> slot.holdClients(still));
        try {
            task.run();
        } finally {
            still.forEach(StillClients::letGo);
        }
    }

    private List<ThreadEventLoop> sleepers() {
        List<ThreadEventLoop> loops = new ArrayList<>();
        loops.add(tree.loop());
        slots.values().forEach(slot -> slot.addSleepers(loops));
        return loops;
    }

    @Override
    BrokerGuard guard() {
        return guard;
    }

    @Override
    BrokerAccess access() {
        return new ClusterAccess(slots);
    }

    @Override
    boolean isOpen() {
        return !closed;
    }

    @Override
    Collection<TopicSpec> declaredTopics() {
        return topics;
    }

    @Override
    int usualReplicas() {
        return Math.min(USUAL_REPLICAS, slots.size());
    }

    @Override
    long nowMs() {
        return clock.wallMs();
    }

    /** Brokers that are cut off or down are faults, too: without them no topic can be deleted. */
    @Override
    synchronized void undoFaults() {
        slots.values().forEach(ClusterSlot::undoFaults);
        slots.forEach((id, slot) -> {
            if (slot.isUp()) {
                rejoin(id);
            } else {
                restart(id);
            }
        });
    }

    ClusterNetwork network() {
        return network;
    }

    /** {@return which cluster it is} */
    @Override
    public String toString() {
        return "The cluster at " + bootstrapServers();
    }

    /** Stops all brokers, waits for their threads to end, and removes the temporary folder. May be called again. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        IOException failure = null;
        for (ClusterSlot slot : slots.values()) {
            try {
                if (slot.isUp()) {
                    slot.stop(false);
                }
            } catch (IOException e) {
                failure = e;
            }
        }
        tree.close();
        if (guard != null) {
            guard.close();
        }
        TemporaryFolder.remove(temporaryFolder);
        if (failure != null) {
            throw new UncheckedIOException(failure);
        }
    }

    private void startAll() throws IOException {
        if (guard != null) {
            guard.entries().write(tree.way(), tree.loop(), clock);
        }
        for (ClusterSlot slot : slots.values()) {
            slot.start();
        }
        awaitAgreement();
        createDeclaredTopics();
    }

    /** Waits until every broker that is up knows that all of them are, and who is controller. */
    private void awaitAgreement() throws IOException {
        long deadlineNs = System.nanoTime() + startWithinMs * 1_000_000;
        SortedSet<Integer> up = up();
        up.removeIf(network::isIsolated);
        for (int id : up) {
            while (!agrees(slots.get(id).image(), up)) {
                if (System.nanoTime() - deadlineNs > 0) {
                    MetadataImage image = slots.get(id).image();
                    throw new IOException("Broker " + id + " does not know in " + startWithinMs
                            + " ms that the brokers " + up + " are there: it knows of "
                            + image.brokers().keySet() + " and controller " + image.controllerId());
                }
                LockSupport.parkNanos(LOOK_AGAIN_NS);
            }
        }
    }

    private static boolean agrees(MetadataImage image, SortedSet<Integer> up) {
        return image.controllerId() >= 0 && image.brokers().keySet().equals(up);
    }

    private ClusterSlot slot(int id) {
        ClusterSlot slot = slots.get(id);
        if (slot == null) {
            throw new IllegalArgumentException("There is no broker " + id + " in this cluster, only " + slots.keySet());
        }
        if (closed) {
            throw new IllegalStateException("The cluster is closed");
        }
        return slot;
    }

    private ClusterSlot slotUp(int id) {
        ClusterSlot slot = slot(id);
        if (!slot.isUp()) {
            throw new IllegalStateException("Broker " + id + " is down");
        }
        return slot;
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void unchecked(Step step) {
        try {
            step.run();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure.getMessage(), failure);
        }
    }

    /** What an embedded cluster is made with. */
    public static final class Builder extends EmbeddedBuilder<Builder> {
        private static final int OFFSETS_REPLICAS = 3;
        private static final int OFFSETS_IN_SYNC = 2;

        private final int brokers;
        private Path folder;
        private long startWithinMs = 30_000;
        private IntFunction<Meters> meters = id -> Meters.NONE;

        private Builder(int brokers) {
            super(Math.min(USUAL_REPLICAS, brokers));
            if (brokers < 1) {
                throw new IllegalArgumentException("A cluster has at least one broker, not " + brokers);
            }
            this.brokers = brokers;
            String replicas = Integer.toString(Math.min(OFFSETS_REPLICAS, brokers));
            setting("offsets.topic.replication.factor", replicas);
            setting("transaction.state.log.replication.factor", replicas);
            setting("transaction.state.log.min.isr", Integer.toString(Math.min(OFFSETS_IN_SYNC, brokers)));
            setting("controlled.shutdown.retry.backoff.ms", "200");
            setting("controller.socket.timeout.ms", "5000");
            setting("replica.fetch.backoff.ms", "100");
        }

        /** Keeps logs and tree in this folder, which stays when the cluster is closed. */
        public Builder folder(Path kept) {
            folder = kept;
            return this;
        }

        /**
         * Has the brokers count what they do, as {@link EmbeddedBroker.Builder#meters} does.
         *
         * @param ofBrokers gives each broker, by its id, meters of its own, such as {@code id -> MicrometerMeters.of(registry,
         *     "broker", "" + id)}
         */
        public Builder meters(IntFunction<Meters> ofBrokers) {
            meters = ofBrokers;
            return this;
        }

        /** How long the brokers have to find each other; 30 seconds otherwise. */
        public Builder startWithinMs(long timeMs) {
            startWithinMs = timeMs;
            return this;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Starts a cluster; returns when every broker knows all others and who is controller. May be called again, for
         * another one.
         *
         * @throws io.odradek.core.config.ConfigException if a setting is not allowed
         * @throws IllegalStateException if settings and {@link #tls}, {@link #sasl} or {@link #acls} exclude each other
         * @throws UncheckedIOException if a port or the folder cannot be had, or the brokers do not find each other
         */
        public EmbeddedCluster start() {
            Map<String, String> all = allSettings();
            BrokerGuard guard = guard(all, 0, true);
            Path temporary = null;
            EmbeddedCluster cluster = null;
            try {
                temporary = folder == null ? TemporaryFolder.create() : null;
                cluster = new EmbeddedCluster(this, all, guard, temporary);
                cluster.startAll();
                return cluster;
            } catch (IOException | RuntimeException failure) {
                if (cluster != null) {
                    cluster.close();
                } else {
                    TemporaryFolder.remove(temporary);
                    if (guard != null) {
                        guard.close();
                    }
                }
                if (failure instanceof RuntimeException asItIs) {
                    throw asItIs;
                }
                throw new UncheckedIOException(failure.getMessage(), (IOException) failure);
            }
        }
    }
}
