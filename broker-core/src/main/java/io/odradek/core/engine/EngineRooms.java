package io.odradek.core.engine;

import io.odradek.core.cluster.ClusterMembership;
import io.odradek.core.cluster.ControlledShutdown;
import io.odradek.core.cluster.TermListener;
import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.LiveConfig;
import io.odradek.core.config.dynamic.ClientConfigs;
import io.odradek.core.config.dynamic.ConfigChangeWatcher;
import io.odradek.core.config.dynamic.LiveBrokerConfig;
import io.odradek.core.config.dynamic.TopicConfigReader;
import io.odradek.core.controller.Controller;
import io.odradek.core.controller.ControllerEnvironment;
import io.odradek.core.controller.FailureNews;
import io.odradek.core.controller.LiveBroker;
import io.odradek.core.controller.TopicNames;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.coordinator.group.GroupSettings;
import io.odradek.core.metadata.MetadataCache;
import io.odradek.core.orders.Authority;
import io.odradek.core.orders.BrokerWay;
import io.odradek.core.orders.ControllerOrders;
import io.odradek.core.orders.OrderSender;
import io.odradek.core.orders.RemoteWays;
import io.odradek.core.partition.HighWatermarkSaver;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.partition.ReplicaManager;
import io.odradek.core.partition.ReplicaServices;
import io.odradek.core.quota.AddressRates;
import io.odradek.core.quota.ClientQuotas;
import io.odradek.core.request.RequestDispatcher;
import io.odradek.storage.manager.LogFolders;
import io.odradek.storage.manager.LogManager;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The rooms of a broker, put together over its loaded logs: replicas, controller, coordinators, and the handlers in front of
 * them. They know the cluster's tree through the broker's membership, and each other through what they are handed here.
 */
final class EngineRooms implements LiveConfig.Room {
    private final LiveConfig live;
    private final BrokerConfig config;
    private final EngineEnvironment environment;
    private final int brokerId;
    private final MetadataCache metadata = new MetadataCache();
    private final ReplicaManager replicas;
    private final EngineReplication replication;
    /** Null where there are no other brokers. */
    private final EngineThrottles throttles;

    private final HighWatermarkSaver saver;
    private final FailureNews failureNews;
    private final ControllerOrders orders;
    private final Controller controller;
    private final ConfigChangeWatcher configChanges;
    private final EngineControllerClient toController;
    private final EngineHandlers handlers;
    private final RequestDispatcher dispatcher;
    private final LogManager logs;
    private final CoordinationStore store;
    /** Null where everybody may do everything. */
    private final EngineAccess access;

    /** Null where there are none. */
    private final EngineTokens tokens;

    private OrderSender.Others others;
    private ClientConfigs clientConfigs;
    private volatile ClientQuotas quotas;
    private volatile AddressRates addressRates;

    /**
     * What a broker has when its rooms are made.
     *
     * @param identity who it is
     * @param membership its way to the cluster
     * @param folders its log folders
     * @param logs its logs
     * @param owners the owners of its partitions
     * @param alone whether there are no other brokers, now or ever
     * @param settingsChanged is run when logs have come, gone or been given other settings
     */
    record Ground(
            BrokerIdentity identity,
            ClusterMembership membership,
            LogFolders folders,
            LogManager logs,
            PartitionOwners owners,
            boolean alone,
            Runnable settingsChanged) {}

    EngineRooms(LiveConfig live, EngineEnvironment environment, Ground ground) {
        this.live = live;
        config = live.current();
        this.environment = environment;
        brokerId = ground.identity().brokerId();
        CoordinationStore store = ground.membership().store();
        EngineLoops loops = environment.loops();
        ReplicaServices services = new ReplicaServices(
                loops.blocking(),
                environment.clock(),
                new SavedHighWatermarks(ground.logs().offsets()),
                EngineSettings.records(config, environment.memory()),
                ground.folders().failures());
        replicas = new ReplicaManager(brokerId, ground.owners(), ground.logs(), live, services);
        toController = new EngineControllerClient(config, environment, brokerId, metadata);
        throttles = ground.alone()
                ? null
                : EngineThrottles.of(
                        brokerId,
                        live,
                        ground.logs(),
                        environment.clock(),
                        environment.guests().meters());
        replication = new EngineReplication(config, environment, ground, metadata, toController, throttles);
        replicas.replication(replication);
        failureNews = new FailureNews(store, brokerId, loops.cluster(), environment.clock());
        replicas.onReplicasFailed(failureNews::announce);
        saver = new HighWatermarkSaver(ground.owners(), services);
        TopicConfigReader configs = new TopicConfigReader(store, live);
        orders = orders(ground, configs);
        controller = controller(ground, store);
        GroupCoordinator groups = groups(ground.logs());
        LiveTopicConfigs configEffect = new LiveTopicConfigs(controller, orders);
        LiveBrokerConfig broker = new LiveBrokerConfig(store, brokerId, live);
        this.store = store;
        Supplier<ClientConfigs> clients = this::clientConfigs;
        configChanges =
                new ConfigChangeWatcher(store, loops.cluster(), environment.clock(), configEffect, broker, clients);
        EngineHandlers.Rooms rooms = new EngineHandlers.Rooms(
                brokerId,
                metadata,
                ground.owners(),
                ground.logs(),
                new EngineHandlers.Office(ground.alone(), controller, orders, ground.membership(), toController),
                groups,
                new EngineHandlers.Configs(configs, configEffect, broker, throttles, clients));
        access = config.text("authorizer.class.name").isBlank()
                ? null
                : new EngineAccess(config, environment, store, metadata);
        tokens =
                EngineSettings.tokens(config) ? new EngineTokens(config, environment, store, metadata, brokerId) : null;
        handlers = new EngineHandlers(live, environment, rooms, access, tokens);
        replicas.register(TopicNames.TRANSACTIONS, handlers.transactions());
        dispatcher = handlers.dispatcher();
        toController.serveOwn(dispatcher);
        if (environment.guests().meters().kept()) {
            new EngineMeters(
                            brokerId,
                            metadata,
                            ground.logs(),
                            ground.owners().owner(0).counting())
                    .show(environment.guests().meters(), ground.folders());
        }
        logs = ground.logs();
        logs.moves().bound(EngineThrottles.rateOfMoves(config));
        live.tell(this);
    }

    @Override
    public CompletionStage<Void> changed(BrokerConfig before, BrokerConfig now) {
        handlers.changed(now);
        return new EngineChanges(replicas, logs, controller, environment.memory()).take(before, now);
    }

    /** {@return what is set for clients, which is made when anything is, or somebody asks} */
    synchronized ClientConfigs clientConfigs() {
        if (clientConfigs == null) {
            clientConfigs = new ClientConfigs(store, environment.loops().cluster());
            ClientQuotas made = EngineSettings.clientQuotas(config, environment.guests());
            clientConfigs.tell(made);
            quotas = made;
            addressRates = EngineSettings.addressRates(config, environment);
            clientConfigs.tell(addressRates);
        }
        return clientConfigs;
    }

    /** {@return what clients may have; null while nothing is set for any} */
    ClientQuotas quotas() {
        ClientQuotas made = quotas;
        return made == null || !made.any() ? null : made;
    }

    /** {@return how many connections addresses may open; null while nothing is set for any} */
    AddressRates addressRates() {
        AddressRates made = addressRates;
        return made == null || !made.any() ? null : made;
    }

    private ControllerOrders orders(Ground ground, TopicConfigReader configs) {
        return new ControllerOrders(
                environment.loops().cluster(),
                ground.identity().clusterId(),
                replicas,
                metadata,
                configs,
                ground.settingsChanged());
    }

    private Controller controller(Ground ground, CoordinationStore store) {
        int brokerId = ground.identity().brokerId();
        return new Controller(new ControllerEnvironment(
                EngineSettings.controller(live, brokerId, environment.memory()),
                ground.identity().clusterId(),
                store,
                environment.loops().cluster(),
                new OrderSender(brokerId, orders, this::way),
                metadata,
                environment.guests()));
    }

    /** The way to other brokers is made when there are any. */
    private BrokerWay way(
            int brokerId, LiveBroker broker, Authority authority, Supplier<SortedMap<Integer, LiveBroker>> live) {
        if (others == null) {
            others = new RemoteWays(
                    environment.brokers(),
                    environment.loops().cluster(),
                    environment.clock(),
                    EngineSettings.controlListener(config, authority.controllerId()));
        }
        return others.way(brokerId, broker, authority, live);
    }

    private GroupCoordinator groups(LogManager logs) {
        GroupCoordinator groups = new GroupCoordinator(
                environment.clock(),
                environment.randoms(),
                EngineSettings.groups(config),
                metadata,
                environment.memory().groups());
        replicas.register(GroupSettings.OFFSETS_TOPIC, groups);
        metadata.onDeletion(gone -> {
            logs.lostPasts().deleted(gone);
            groups.partitionsDeleted(gone);
        });
        return groups;
    }

    /** {@return who lives by the broker's terms, in the order in which they begin and end} */
    List<TermListener> termListeners() {
        if (access == null && tokens == null) {
            return List.of(replicas::fence, orders, controller, configChanges);
        }
        List<TermListener> listeners = new ArrayList<>();
        if (access != null) {
            listeners.add(access.listener());
        }
        if (tokens != null) {
            listeners.addAll(tokens.listeners());
        }
        listeners.addAll(List.of(replicas::fence, orders, controller, configChanges));
        return listeners;
    }

    /** {@return how this broker hands over what it leads} */
    ControlledShutdown shutdown(ClusterMembership membership) {
        return new ControlledShutdown(
                toController,
                () -> membership.store().get(ClusterPaths.CONTROLLER),
                environment.loops().cluster(),
                brokerId,
                membership::brokerEpoch,
                EngineSettings.shutdown(config));
    }

    /** Learns who may do what, and who comes with which token. {@return null where there is nothing to learn} */
    CompletionStage<Void> learn() {
        if (access == null || tokens == null) {
            return access != null ? access.load() : tokens != null ? tokens.load() : null;
        }
        return access.load().thenCompose(known -> tokens.load());
    }

    /** {@return the delegation tokens; null if there are none} */
    EngineTokens tokens() {
        return tokens;
    }

    ReplicaManager replicas() {
        return replicas;
    }

    EngineReplication replication() {
        return replication;
    }

    HighWatermarkSaver saver() {
        return saver;
    }

    FailureNews failureNews() {
        return failureNews;
    }

    MetadataCache metadata() {
        return metadata;
    }

    RequestDispatcher dispatcher() {
        return dispatcher;
    }
}
