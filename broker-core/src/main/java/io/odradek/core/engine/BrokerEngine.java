package io.odradek.core.engine;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.dynamic.ConfigChangeWatcher;
import io.odradek.core.config.dynamic.TopicConfigWriter;
import io.odradek.core.controller.Adoption;
import io.odradek.core.controller.ClusterTree;
import io.odradek.core.controller.Controller;
import io.odradek.core.controller.ControllerEnvironment;
import io.odradek.core.controller.FailureNews;
import io.odradek.core.controller.ProducerIds;
import io.odradek.core.coordination.CoordinationHome;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.coordinator.group.GroupSettings;
import io.odradek.core.metadata.MetadataCache;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.orders.ControllerOrders;
import io.odradek.core.orders.OrderSender;
import io.odradek.core.orders.TopicConfigReader;
import io.odradek.core.partition.HighWatermarkSaver;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.partition.ReplicaManager;
import io.odradek.core.partition.ReplicaServices;
import io.odradek.core.request.RequestDispatcher;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.manager.LogFolders;
import io.odradek.storage.manager.LogManager;
import io.odradek.storage.manager.StorageEnvironment;
import io.odradek.storage.manager.StorageLoops;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A broker without threads and sockets of its own: everything from the log folders to the request handlers, over the
 * seams. Production gives it threads and a network; a simulator gives it one queue.
 *
 * <p>It starts from the disk up: folders locked, cluster's tree opened, logs loaded, controller elected, and is then ready
 * for {@link #receive}. It stops the other way round, in two steps, because the partition owners have to end in between:
 * {@link #stopServing}, then the owner loops are closed, then {@link #close}.
 */
public final class BrokerEngine {
    private final BrokerConfig config;
    private final EngineEnvironment environment;
    private final LogFolders folders;
    private final CoordinationHome home;
    private final MetadataCache metadata = new MetadataCache();
    private final PartitionOwners owners;
    private CoordinationSession session;
    private LogManager logs;
    private volatile ReplicaManager replicas;
    private Controller controller;
    private HighWatermarkSaver saver;
    private FailureNews failureNews;
    private ConfigChangeWatcher configChanges;
    private RequestDispatcher dispatcher;
    private String clusterId;
    private volatile boolean serving;
    private volatile Throwable journalFailure;

    private BrokerEngine(
            BrokerConfig config, EngineEnvironment environment, LogFolders folders, CoordinationHome home) {
        this.config = config;
        this.environment = environment;
        this.folders = folders;
        this.home = home;
        this.owners = new PartitionOwners(
                environment.loops().owners(), environment.guests().meters());
    }

    /**
     * Locks the log folders and opens the cluster's tree; blocks.
     *
     * @throws io.odradek.core.config.ConfigException if the configuration asks for what this build does not do
     * @throws IOException if a folder or the journal cannot be used, with a message of one line; nothing is left open
     */
    public static BrokerEngine open(BrokerConfig config, EngineEnvironment environment) throws IOException {
        EngineSettings.checkServable(config);
        List<Path> paths = new ArrayList<>();
        for (String folder : config.logDirs()) {
            paths.add(Path.of(folder));
        }
        LogFolders folders = LogFolders.open(environment.files(), paths);
        try {
            EngineLoops loops = environment.loops();
            CoordinationHome home = environment
                    .coordination()
                    .open(new CoordinationHome.Surroundings(
                            environment.files(), folders, loops.store(), loops.blocking()));
            return new BrokerEngine(config, environment, folders, home);
        } catch (IOException | RuntimeException e) {
            folders.close();
            throw e;
        }
    }

    /**
     * Loads the logs and begins to serve.
     *
     * @param advertised what clients are told to connect to, by listener name
     * @return completes when requests may come; if it fails, {@link #close} gives back what was opened
     */
    public CompletionStage<Void> start(SortedMap<String, Endpoint> advertised) {
        int brokerId = brokerId();
        String fresh = environment.randoms().nextUuid().toString();
        return home.openSession(environment.loops().cluster())
                .thenCompose(opened -> {
                    session = opened;
                    return ClusterTree.prepare(session, folders.clusterId(), fresh);
                })
                .thenCompose(id -> {
                    clusterId = id;
                    return TopicConfigs.read(session, config.given());
                })
                .thenApplyAsync(
                        overrides -> loadLogs(brokerId, overrides),
                        environment.loops().blocking())
                .thenCompose(found -> Adoption.adopt(session, brokerId, found, environment.randoms()))
                .thenCompose(adopted -> {
                    assemble(brokerId, advertised);
                    return controller.start();
                })
                .thenCompose(started -> configChanges.start())
                .thenAccept(started -> {
                    logs.moves().begin(replicas::moved);
                    saver.start(config.int64("replica.high.watermark.checkpoint.interval.ms"));
                    UnconfirmedTopics.warn(metadata.image());
                    serving = true;
                });
    }

    /** {@return the broker's id: as configured, or as the log folders say, or 0} */
    public int brokerId() {
        int configured = config.brokerId();
        return configured >= 0 ? configured : Math.max(0, folders.brokerId());
    }

    /** {@return the cluster's identifier, once started} */
    public String clusterId() {
        return clusterId;
    }

    /** {@return how many times logs were forced because something appended was to be acknowledged} */
    public long forcesBeforeAcknowledgement() {
        return logs.forcesBeforeAcknowledgement();
    }

    /** {@return the log folders} */
    public List<Path> logFolders() {
        return folders.paths();
    }

    /** Serves a request; while the broker does not serve, the connection is closed. */
    public void receive(ApiRequest request, RequestContext context) {
        if (serving) {
            dispatcher.dispatch(request, context);
        } else {
            context.closeConnection("the broker is starting or stopping");
        }
    }

    /**
     * Takes no more requests, leaves the cluster and closes its tree.
     *
     * @return completes when the owner loops may be closed, exceptionally if the broker could not leave in good order
     */
    public CompletionStage<Void> stopServing() {
        serving = false;
        CompletionStage<Void> left = CompletableFuture.completedStage(null);
        if (failureNews != null) {
            failureNews.stop();
        }
        if (controller != null) {
            left = controller.stop().thenCompose(stopped -> saver.stop());
        }
        return left.handle((saved, failure) -> {
                    if (session != null) {
                        session.close();
                    }
                    return home.close().handle((closed, journal) -> {
                        journalFailure = journal;
                        return failure;
                    });
                })
                .thenCompose(outcome -> outcome)
                .thenCompose(failure -> failure == null
                        ? CompletableFuture.completedStage(null)
                        : CompletableFuture.failedStage(failure));
    }

    /**
     * Closes the logs, leaves the clean-shutdown marks and gives up the folders. It waits for the disk and for nothing else:
     * {@link #stopServing} has completed and the owner loops have ended, the others still run.
     */
    public void close() throws IOException {
        IOException failure = null;
        if (journalFailure != null) {
            failure = new IOException(
                    "The coordination journal cannot be closed: " + journalFailure.getMessage(), journalFailure);
        }
        try {
            if (logs != null) {
                logs.close();
            } else {
                folders.close();
            }
        } catch (IOException e) {
            if (failure != null) {
                e.addSuppressed(failure);
            }
            failure = e;
        }
        if (failure != null) {
            throw failure;
        }
    }

    private List<Adoption.FoundPartition> loadLogs(int brokerId, Map<String, Map<String, String>> overrides) {
        EngineLoops loops = environment.loops();
        StorageLoops storageLoops = new StorageLoops(
                loops.logIo(),
                loops.recovery(),
                loops.cleaners(),
                loops.commits(),
                id -> owners.ownerOf(id).loop());
        StorageEnvironment storage = new StorageEnvironment(environment.guests(), storageLoops, this::folderOffline);
        try {
            folders.claim(brokerId, clusterId);
            Map<String, LogConfig> perTopic = new ConcurrentHashMap<>();
            logs = LogManager.open(
                    folders,
                    storage,
                    EngineSettings.logs(config),
                    topic -> perTopic.computeIfAbsent(
                            topic,
                            any -> LogConfig.of(
                                    config.given(), overrides.getOrDefault(topic, Adoption.settings(topic)))));
        } catch (IOException e) {
            throw new CompletionException(e);
        }
        List<Adoption.FoundPartition> found = new ArrayList<>();
        for (Log log : logs.logs()) {
            found.add(Adoption.FoundPartition.of(log));
        }
        return found;
    }

    /** {@return the partition owners, for who lives in one thread with all of them} */
    PartitionOwners owners() {
        return owners;
    }

    /** Called on any thread. */
    private void folderOffline(Path folder, IOException cause) {
        ReplicaManager told = replicas;
        if (told != null) {
            told.folderOffline(folder);
        }
        if (folders.online().isEmpty()) {
            environment.failures().folderFailed(folder, cause);
        }
    }

    private void assemble(int brokerId, SortedMap<String, Endpoint> advertised) {
        EngineLoops loops = environment.loops();
        ReplicaServices services = new ReplicaServices(
                loops.blocking(),
                environment.clock(),
                new SavedHighWatermarks(logs),
                EngineSettings.records(config),
                folders.failures());
        replicas = new ReplicaManager(brokerId, owners, logs, config.given(), services);
        failureNews = new FailureNews(session, brokerId, loops.cluster(), environment.clock());
        replicas.onReplicasFailed(failureNews::announce);
        saver = new HighWatermarkSaver(owners, services);
        ControllerOrders orders = new ControllerOrders(
                loops.cluster(),
                clusterId,
                replicas,
                metadata,
                new TopicConfigReader(session, config.given()),
                id -> logs.log(id).isPresent());
        controller = new Controller(new ControllerEnvironment(
                EngineSettings.controller(config, brokerId, advertised),
                clusterId,
                session,
                loops.cluster(),
                new OrderSender(brokerId, orders),
                metadata,
                environment.guests()));
        GroupSettings groupSettings = EngineSettings.groups(config);
        GroupCoordinator groups = new GroupCoordinator(
                environment.clock(),
                environment.randoms(),
                groupSettings,
                metadata,
                environment.memory().groups());
        replicas.register(GroupSettings.OFFSETS_TOPIC, groups);
        metadata.onDeletion(groups::partitionsDeleted);
        LiveTopicConfigs configEffect = new LiveTopicConfigs(controller, replicas, loops.cluster());
        configChanges = new ConfigChangeWatcher(session, loops.cluster(), environment.clock(), configEffect);
        TopicConfigWriter topicConfigs = new TopicConfigWriter(session, loops.cluster(), config.given(), configEffect);
        ProducerIds producerIds = new ProducerIds(session, loops.cluster(), brokerId);
        dispatcher = new EngineHandlers(config, brokerId, environment, metadata, owners, controller, producerIds)
                .dispatcher(groups, topicConfigs, logs);
    }
}
