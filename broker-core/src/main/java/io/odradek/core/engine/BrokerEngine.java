package io.odradek.core.engine;

import io.odradek.core.adoption.SettingsKeeper;
import io.odradek.core.adoption.SettingsSource;
import io.odradek.core.cluster.ClusterMembership;
import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.LiveConfig;
import io.odradek.core.config.dynamic.ClientConfigs;
import io.odradek.core.config.dynamic.LiveBrokerConfig;
import io.odradek.core.controller.Adoption;
import io.odradek.core.coordination.CoordinationHome;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.InProcessHome;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.quota.AddressRates;
import io.odradek.core.quota.ClientQuotas;
import io.odradek.core.request.OwnRequest;
import io.odradek.core.security.scram.ScramExchange;
import io.odradek.core.security.scram.ScramMechanism;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.io.LogFileSystem;
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
 * <p>It starts from the disk up: folders locked, cluster's tree opened, logs loaded, broker registered, controller elected,
 * and is then ready for {@link #receive}. It stops the other way round, in two steps, because the partition owners have to end in between:
 * {@link #stopServing}, then the owner loops are closed, then {@link #close}.
 */
public final class BrokerEngine {
    private final LiveConfig live;
    private final BrokerConfig config;
    private final EngineEnvironment environment;
    private final LogFolders folders;
    private final CoordinationHome home;
    private final PartitionOwners owners;
    private final ClusterMembership membership;
    private BrokerIdentity identity;
    private LogManager logs;
    private Map<String, Map<String, String>> storedOverrides;
    private SettingsSource oldCluster;
    private ClientConfigs.Room clients;
    private volatile SettingsKeeper settingsKeeper;
    private volatile EngineRooms rooms;
    private volatile boolean serving;
    private volatile Throwable journalFailure;

    private BrokerEngine(LiveConfig live, EngineEnvironment environment, LogFolders folders, CoordinationHome home) {
        this.live = live;
        this.config = live.current();
        this.environment = environment;
        this.folders = folders;
        this.home = home;
        this.owners = new PartitionOwners(
                environment.loops().owners(), environment.guests().meters());
        this.membership = new ClusterMembership(
                home, environment.loops().cluster(), environment.clock(), EngineSettings.registrationWaitMs(config));
    }

    /**
     * Locks the log folders and opens the cluster's tree; blocks.
     *
     * @param live the broker's configuration, which what the tree sets for brokers is put over
     * @throws io.odradek.core.config.ConfigException if the configuration asks for what this build does not do
     * @throws IOException if a folder or the journal cannot be used, with a message of one line; nothing is left open
     */
    public static BrokerEngine open(LiveConfig live, EngineEnvironment environment) throws IOException {
        BrokerConfig config = live.current();
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
            if (!home.isOneBrokers()) {
                refuseOtherHistory(environment.files(), paths);
            }
            return new BrokerEngine(live, environment, folders, home);
        } catch (IOException | RuntimeException e) {
            folders.close();
            throw e;
        }
    }

    /** What a broker has written on its own has the epochs of what its cluster has written meanwhile: nobody could tell. */
    private static void refuseOtherHistory(LogFileSystem files, List<Path> paths) throws IOException {
        for (Path path : paths) {
            if (files.exists(path.resolve(InProcessHome.JOURNAL))) {
                throw new IOException("Log folder " + path + " was served by a broker outside of a cluster ("
                        + InProcessHome.JOURNAL
                        + "), so its logs may hold what the cluster does not know. Empty it, to have"
                        + " it copied from the others, or start without zookeeper.connect");
            }
        }
    }

    /**
     * Names somebody who knows of topics whose settings this broker does not know. To be called before {@link #start}.
     *
     * @param source is asked only if there are such topics
     */
    public void adoptSettingsFrom(SettingsSource source) {
        oldCluster = source;
    }

    /** Has somebody told of what the tree sets for users, before requests come and from then on. To be called before {@link #start}. */
    public void tellOfClients(ClientConfigs.Room room) {
        clients = room;
    }

    /** {@return what is known of a delegation token that one can log in with, null if there is none; from any thread} */
    public ScramExchange.Found token(ScramMechanism mechanism, String tokenId) {
        EngineRooms known = rooms;
        return known == null || known.tokens() == null
                ? null
                : known.tokens().known().find(mechanism, tokenId);
    }

    /**
     * Loads the logs, joins the cluster and begins to serve. Requests of other brokers may come as soon as the broker is
     * registered, which is before this completes.
     *
     * @param advertised what clients are told to connect to, by listener name
     * @return completes when requests may come; if it fails, {@link #close} gives back what was opened
     */
    public CompletionStage<Void> start(SortedMap<String, Endpoint> advertised) {
        CoordinationStore store = membership.store();
        return membership
                .open()
                .thenCompose(opened ->
                        BrokerIdentity.find(config, store, folders, home.isOneBrokers(), environment.randoms()))
                .thenCompose(found -> {
                    identity = found;
                    return new LiveBrokerConfig(store, found.brokerId(), live).changed();
                })
                .thenCompose(read -> TopicConfigs.read(store, live.get()))
                .thenApplyAsync(this::loadLogs, environment.loops().blocking())
                .thenCompose(this::adoptIfAlone)
                .thenCompose(adopted -> join(advertised))
                .thenAccept(joined -> {
                    logs.moves().begin(this::moved);
                    rooms.saver().start(config.int64("replica.high.watermark.checkpoint.interval.ms"));
                    UnconfirmedTopics.warn(rooms.metadata().image());
                });
    }

    /** What is in the folders of a broker that is alone is all that there is; in a cluster, the tree knows. */
    private CompletionStage<Void> adoptIfAlone(List<Adoption.FoundPartition> found) {
        EngineLoops loops = environment.loops();
        settingsKeeper =
                new SettingsKeeper(environment.files(), folders, logs, environment.clock(), loops.logIo(), home);
        if (found.isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        EngineAdoption.Tree tree =
                new EngineAdoption.Tree(home, membership.store(), identity.brokerId(), storedOverrides);
        storedOverrides = null;
        CompletionStage<Void> adopted = home.isOneBrokers()
                ? new EngineAdoption(live.current(), environment, tree, folders, logs, oldCluster).run(found)
                : CompletableFuture.completedStage(null);
        return adopted.thenRunAsync(settingsKeeper::begin, loops.blocking());
    }

    private void moved(TopicPartition id, Log log) {
        rooms.replicas().moved(id, log);
        settingsKeeper.run();
    }

    private CompletionStage<Void> join(SortedMap<String, Endpoint> advertised) {
        rooms = new EngineRooms(
                live,
                environment,
                new EngineRooms.Ground(
                        identity, membership, folders, logs, owners, home.isOneBrokers(), settingsKeeper));
        if (clients != null) {
            rooms.clientConfigs().tell(clients);
        }
        serving = true;
        CompletionStage<Void> learnt = rooms.learn();
        return learnt == null ? register(advertised) : learnt.thenCompose(known -> register(advertised));
    }

    private CompletionStage<Void> register(SortedMap<String, Endpoint> advertised) {
        return membership.join(
                identity.brokerId(), EngineSettings.registration(config, advertised), rooms.termListeners());
    }

    /** {@return the broker's id, once started} */
    public int brokerId() {
        return identity.brokerId();
    }

    /** {@return the cluster's identifier, once started} */
    public String clusterId() {
        return identity.clusterId();
    }

    /** {@return what the broker knows of its cluster, once started} */
    public MetadataImage metadata() {
        return rooms.metadata().image();
    }

    /** {@return how many times logs were forced because something appended was to be acknowledged} */
    public long forcesBeforeAcknowledgement() {
        return logs.forcesBeforeAcknowledgement();
    }

    /**
     * Has compacted logs be cleaned on other loops from now on; once started.
     *
     * @return completes on the log-io loop when nothing runs any more on those that go
     */
    public CompletionStage<Void> cleanOn(List<EventLoop> cleaners) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        environment.loops().logIo().post(() -> {
            logs.cleaner().ifPresent(cleaner -> cleaner.resize(cleaners));
            done.complete(null);
        });
        return done;
    }

    /** {@return the log folders} */
    public List<Path> logFolders() {
        return folders.paths();
    }

    /** {@return the log folders that have not failed} */
    public List<Path> logFoldersOnline() {
        return folders.online();
    }

    /** {@return how many connections addresses may open, as it is now; null while nothing is set for any} */
    public AddressRates addressRates() {
        EngineRooms made = rooms;
        return made == null ? null : made.addressRates();
    }

    /** {@return what clients may have, as it is now; null while nothing is set for any} */
    public ClientQuotas quotas() {
        EngineRooms made = rooms;
        return made == null ? null : made.quotas();
    }

    /** Serves a request; while the broker does not serve, the connection is closed. */
    public void receive(ApiRequest request, RequestContext context) {
        if (serving) {
            rooms.dispatcher().dispatch(request, context);
        } else {
            context.closeConnection("the broker is starting or stopping");
        }
    }

    /**
     * Serves a request that comes from the broker's own process, as one of a client would be, without a socket; once started.
     *
     * @return the answer, on any thread. What a Fetch answers with are slices of log files, to be read at once
     */
    public CompletionStage<ApiResponse> ask(ApiKey api, int version, ApiRequest request) {
        return OwnRequest.serve(rooms.dispatcher(), api, version, request);
    }

    /**
     * Has other brokers lead what this one leads, while it still serves them ({@code controlled.shutdown.enable}). To be
     * called before {@link #stopServing}, by who stops the broker in good order.
     *
     * @return completes when that is done, or has been tried for long enough
     */
    public CompletionStage<Void> handOver() {
        boolean alone = rooms == null || rooms.metadata().image().brokers().size() < 2;
        if (alone || !config.flag("controlled.shutdown.enable")) {
            return CompletableFuture.completedStage(null);
        }
        return rooms.shutdown(membership).handOver().thenApply(done -> null);
    }

    /**
     * Takes no more requests, leaves the cluster and closes its tree.
     *
     * @return completes when the owner loops may be closed, exceptionally if the broker could not leave in good order
     */
    public CompletionStage<Void> stopServing() {
        serving = false;
        CompletionStage<Void> saved = CompletableFuture.completedStage(null);
        if (rooms != null) {
            rooms.failureNews().stop();
            saved = rooms.replication().end().thenCompose(ended -> rooms.saver().stop());
        }
        return saved.handle((done, failure) -> membership
                        .leave()
                        .thenCompose(left -> home.close())
                        .handle((closed, journal) -> {
                            journalFailure = journal;
                            return failure;
                        }))
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
            if (settingsKeeper != null) {
                settingsKeeper.end();
            }
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

    private List<Adoption.FoundPartition> loadLogs(Map<String, Map<String, String>> overrides) {
        storedOverrides = overrides;
        EngineLoops loops = environment.loops();
        StorageLoops storageLoops = new StorageLoops(
                loops.logIo(),
                loops.recovery(),
                loops.cleaners(),
                loops.commits(),
                id -> owners.ownerOf(id).loop());
        StorageEnvironment storage = new StorageEnvironment(environment.guests(), storageLoops, this::folderOffline);
        try {
            folders.claim(identity.brokerId(), identity.clusterId());
            Map<String, LogConfig> perTopic = new ConcurrentHashMap<>();
            logs = LogManager.open(
                    folders,
                    storage,
                    EngineSettings.logs(live.current(), environment.memory(), home.isOneBrokers()),
                    topic -> perTopic.computeIfAbsent(
                            topic,
                            any -> LogConfig.of(live.get(), overrides.getOrDefault(topic, Adoption.settings(topic)))));
        } catch (IOException e) {
            throw new CompletionException(e);
        }
        List<Adoption.FoundPartition> found = new ArrayList<>();
        for (Log log : logs.logs()) {
            found.add(Adoption.FoundPartition.of(log));
        }
        return found;
    }

    /** {@return whether requests of an API are served, once started} */
    boolean serves(ApiKey api) {
        return rooms.dispatcher().serves(api);
    }

    /** {@return the partition owners, for who lives in one thread with all of them} */
    PartitionOwners owners() {
        return owners;
    }

    /** Called on any thread. */
    private void folderOffline(Path folder, IOException cause) {
        EngineRooms told = rooms;
        if (told != null) {
            told.replicas().folderOffline(folder);
        }
        if (folders.online().isEmpty()) {
            environment.failures().folderFailed(folder, cause);
        }
    }
}
