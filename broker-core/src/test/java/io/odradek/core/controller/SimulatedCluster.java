package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.cluster.ClusterMembership;
import io.odradek.core.config.dynamic.TopicConfigReader;
import io.odradek.core.coordination.CoordinationHome;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.InProcessCoordinationStore;
import io.odradek.core.coordination.InProcessSession;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.core.coordination.node.BrokerNode;
import io.odradek.core.metadata.MetadataCache;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.orders.ControllerOrders;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Guests;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Controllers over one in-process store in simulated time, each with replicas that remember what they were told. */
public final class SimulatedCluster {
    public static final Path FOLDER = Path.of("/data");
    public static final CreationLimits LIMITS = new CreationLimits(1_000, 100, 1_000_000);
    public static final long REGISTRATION_WAIT_MS = 1_000;
    public static final String CLUSTER_ID = "AAAAAAAAQACAAAAAAAAAAQ";

    public final SimulatedWorld world;
    public final FaultingFileSystem files;
    public final SortedMap<Integer, Broker> brokers = new TreeMap<>();
    public final Map<String, String> logDefaults = new TreeMap<>();
    public int defaultPartitions = 1;
    public boolean deletesTopics = true;
    public LeaderBalance balance = new LeaderBalance(false, 10, 300_000);
    /** How long orders and their answers are on their way to another broker. */
    public long orderDelayMs;
    /** Decides which answers of the tree are lost; null if none ever is. */
    public LossySession.Losses losses;
    /** The brokers that no other one reaches. */
    public final Set<Integer> cutOff = new TreeSet<>();

    private InProcessCoordinationStore store;
    private CoordinationStore observer;

    public SimulatedCluster() throws IOException {
        this(SimulatedWorld.seedFromSystem());
    }

    SimulatedCluster(long seed) throws IOException {
        world = new SimulatedWorld(seed);
        files = new FaultingFileSystem(seed);
        files.createFolders(FOLDER);
        open();
    }

    /** A broker as far as its controller is concerned. */
    public final class Broker {
        public final int id;
        public final SimulatedLoop loop;
        public final ClusterMembership membership;
        public final MetadataCache metadata = new MetadataCache();
        public final RecordingReplicas replicas;
        public final ControllerOrders orders;
        public final Controller controller;
        private final BrokerNode node;
        private InProcessSession session;

        Broker(int id, String rack) {
            this.id = id;
            loop = world.newLoop("controller-" + id);
            membership = new ClusterMembership(new Home(), loop, world.clock(), REGISTRATION_WAIT_MS);
            replicas = new RecordingReplicas(world.newLoop("owner-" + id));
            node = new BrokerNode(
                    new TreeMap<>(Map.of("PLAINTEXT", new Endpoint("broker-" + id, 9092))),
                    new TreeMap<>(Map.of("PLAINTEXT", "PLAINTEXT")),
                    rack,
                    0);
            orders = new ControllerOrders(
                    loop,
                    CLUSTER_ID,
                    replicas,
                    metadata,
                    new TopicConfigReader(membership.store(), () -> logDefaults),
                    () -> {});
            ControllerSettings settings = new ControllerSettings(
                    id, defaultPartitions, (short) 1, LIMITS, () -> logDefaults, balance, deletesTopics);
            controller = new Controller(new ControllerEnvironment(
                    settings,
                    CLUSTER_ID,
                    membership.store(),
                    loop,
                    controllerEpoch -> new SimulatedOrders(SimulatedCluster.this, this, controllerEpoch),
                    metadata,
                    new Guests(world.clock(), world.newRandoms("broker-" + id))));
        }

        /** Joins the cluster. */
        public CompletionStage<Void> start() {
            return membership.open().thenCompose(opened -> membership.join(id, node, List.of(orders, controller)));
        }

        /** {@return the session that it has now} */
        public InProcessSession session() {
            return session;
        }

        /** Gives the broker its sessions. */
        private final class Home implements CoordinationHome {
            @Override
            public CompletionStage<CoordinationSession> openSession(EventLoop sessionLoop) {
                session = store.openSession(sessionLoop);
                return CompletableFuture.completedStage(
                        losses == null ? session : new LossySession(session, sessionLoop, losses));
            }

            @Override
            public boolean isOneBrokers() {
                return false;
            }

            @Override
            public CompletionStage<Void> close() {
                return CompletableFuture.completedStage(null);
            }
        }

        public MetadataImage image() {
            return metadata.image();
        }

        /** {@return what creates the topics that are asked for, the broker's own in two partitions} */
        public TopicCreator creator() {
            NewTopic offsets = new NewTopic(
                    TopicNames.OFFSETS, 2, (short) 1, new TreeMap<>(), Map.of("cleanup.policy", "compact"));
            return new ControllerTopicCreator(
                    controller, metadata, new AutoTopics(defaultPartitions, Map.of(TopicNames.OFFSETS, offsets)));
        }

        public TopicResult create(String topic, int partitions, int factor, Map<String, String> config) {
            NewTopic wanted = new NewTopic(topic, partitions, (short) factor, new TreeMap<>(), config);
            return value(controller.createTopics(List.of(wanted), false)).get(0);
        }
    }

    /** Makes the tree ready and starts a broker. */
    public Broker start(int id, String rack) {
        value(ClusterTree.prepare(observer, Optional.empty(), CLUSTER_ID));
        Broker broker = new Broker(id, rack);
        brokers.put(id, broker);
        value(broker.start());
        return broker;
    }

    public Broker start(int id) {
        return start(id, null);
    }

    /** Begins to start a broker; the tree has been made ready. */
    CompletionStage<Void> begin(int id) {
        Broker broker = new Broker(id, null);
        brokers.put(id, broker);
        return broker.start();
    }

    /** Lets a broker vanish, while others are in the midst of something. */
    void crash(int id) {
        Broker broker = brokers.remove(id);
        broker.loop.close();
        broker.session.close();
    }

    /** Lets a broker vanish. */
    public void kill(int id) {
        Broker broker = brokers.remove(id);
        broker.loop.close();
        broker.session.close();
        world.runUntilIdle();
    }

    /** Ends the store and all brokers, and opens the store again over what the journal has. */
    public void restartStore() throws IOException {
        close();
        open();
    }

    public CoordinationStore observer() {
        return observer;
    }

    /** {@return the text of a node} */
    public String text(String path) {
        return new String(value(observer.get(path)).data(), StandardCharsets.UTF_8);
    }

    /** {@return the result of a stage, which must succeed without the passing of time} */
    public <T> T value(CompletionStage<T> stage) {
        List<T> values = new ArrayList<>();
        List<Throwable> errors = new ArrayList<>();
        stage.whenComplete((value, error) -> {
            values.add(value);
            errors.add(error);
        });
        world.runUntilIdle();
        assertThat(values).as("completed").hasSize(1);
        assertThat(errors.get(0)).isNull();
        return values.get(0);
    }

    /** {@return why a stage failed, which must fail without the passing of time} */
    public Throwable failure(CompletionStage<?> stage) {
        List<Throwable> errors = new ArrayList<>();
        stage.whenComplete((value, error) -> errors.add(error));
        world.runUntilIdle();
        assertThat(errors).as("failed").hasSize(1).doesNotContainNull();
        return errors.get(0);
    }

    public void close() {
        brokers.values().forEach(broker -> broker.loop.close());
        brokers.clear();
        store.close();
        world.runUntilIdle();
    }

    private void open() throws IOException {
        store = InProcessCoordinationStore.open(
                world.newLoop("store"), world.newLoop("log-io")::post, files, FOLDER, JournalSettings.DURABLE);
        observer = store.openSession(world.newLoop("observer"));
    }
}
