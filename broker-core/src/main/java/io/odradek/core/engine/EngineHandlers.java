package io.odradek.core.engine;

import io.odradek.core.cluster.ClusterMembership;
import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.LiveConfig;
import io.odradek.core.config.LiveFlag;
import io.odradek.core.config.dynamic.BrokerConfigWriter;
import io.odradek.core.config.dynamic.ClientConfigs;
import io.odradek.core.config.dynamic.GroupConfigs;
import io.odradek.core.config.dynamic.LiveBrokerConfig;
import io.odradek.core.config.dynamic.TopicConfigEffect;
import io.odradek.core.config.dynamic.TopicConfigReader;
import io.odradek.core.config.dynamic.TopicConfigWriter;
import io.odradek.core.controller.AutoTopics;
import io.odradek.core.controller.ClusterProducerIds;
import io.odradek.core.controller.ClusterTopicCreator;
import io.odradek.core.controller.Controller;
import io.odradek.core.controller.ControllerTopicCreator;
import io.odradek.core.controller.FewAwaitedCreations;
import io.odradek.core.controller.ProducerIds;
import io.odradek.core.controller.TopicCreator;
import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.fetch.FetchSessionCache;
import io.odradek.core.fetch.FetchSessions;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.orders.ControllerOrders;
import io.odradek.core.partition.PartitionLeadership;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.request.AlterConfigsHandler;
import io.odradek.core.request.AlterPartitionReassignmentsHandler;
import io.odradek.core.request.AlterReplicaLogDirsHandler;
import io.odradek.core.request.ApiVersionsHandler;
import io.odradek.core.request.ConfigAlterations;
import io.odradek.core.request.CreatePartitionsHandler;
import io.odradek.core.request.CreateTopicsHandler;
import io.odradek.core.request.DeleteRecordsHandler;
import io.odradek.core.request.DeleteTopicsHandler;
import io.odradek.core.request.DescribeClusterHandler;
import io.odradek.core.request.DescribeConfigsHandler;
import io.odradek.core.request.DescribeLogDirsHandler;
import io.odradek.core.request.DescribeProducersHandler;
import io.odradek.core.request.DescribeTopicPartitionsHandler;
import io.odradek.core.request.DownConversions;
import io.odradek.core.request.ElectLeadersHandler;
import io.odradek.core.request.FetchHandler;
import io.odradek.core.request.IncrementalAlterConfigsHandler;
import io.odradek.core.request.InitProducerIdHandler;
import io.odradek.core.request.LargeRequests;
import io.odradek.core.request.ListConfigResourcesHandler;
import io.odradek.core.request.ListOffsetsHandler;
import io.odradek.core.request.ListPartitionReassignmentsHandler;
import io.odradek.core.request.MetadataHandler;
import io.odradek.core.request.OffsetForLeaderEpochHandler;
import io.odradek.core.request.ProduceHandler;
import io.odradek.core.request.ProduceVerification;
import io.odradek.core.request.RequestDispatcher;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.request.SlowRequests;
import io.odradek.core.request.SupportedApis;
import io.odradek.core.request.TopicLines;
import io.odradek.core.request.UpdateFeaturesHandler;
import io.odradek.core.request.cluster.BrokersLane;
import io.odradek.core.request.cluster.ClusterApis;
import io.odradek.core.request.cluster.ClusterPeers;
import io.odradek.core.request.cluster.ReplicaRequests;
import io.odradek.core.request.group.FindCoordinatorHandler;
import io.odradek.core.request.transaction.ListTransactionsHandler;
import io.odradek.core.transport.ControllerClient;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.manager.LogManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Makes the handlers of a broker, over its rooms. */
final class EngineHandlers implements RequestDispatcher.HandlerMaker {
    /** How long a request waits for the topics that it creates by asking for them. */
    private static final int AUTO_CREATE_WAIT_MS = 5_000;

    /** Of operators there are few. */
    private static final int MOST_WAITING_PATTERNS = 100;

    private final LiveConfig live;
    private final BrokerConfig config;
    private final EngineEnvironment environment;
    private final Rooms rooms;
    private final EventLoop loop;
    private final LargeRequests large;
    private final EngineTransactions transactions;
    private final EngineAccess access;
    private final EngineTokens tokens;
    private TopicCreator creator;
    private TopicLines topicLines;
    private SlowRequests disk;
    private ConfigAlterations alterations;
    private LiveFlag verifies;
    private ClusterApis brokers;
    private LargeRequests largeOfBrokers;
    private ProducerIds ids;
    private GroupHandlers groups;
    private DownConversions downConversions;

    /**
     * What the handlers serve requests with.
     *
     * @param brokerId the broker's id
     * @param metadata its metadata image
     * @param owners its partition owners
     * @param logs its logs
     * @param office its part in governing the cluster
     * @param groups its group coordinator
     * @param configs its way to settings that change
     */
    record Rooms(
            int brokerId,
            MetadataSource metadata,
            PartitionOwners owners,
            LogManager logs,
            Office office,
            GroupCoordinator groups,
            Configs configs) {}

    /**
     * A broker's part in governing the cluster.
     *
     * @param alone whether there are no other brokers, now or ever
     * @param controller governs while it is elected
     * @param orders carries out what controllers order
     * @param membership the broker's own, by whose epoch it is known
     * @param toController the way to whichever broker is controller
     */
    record Office(
            boolean alone,
            Controller controller,
            ControllerOrders orders,
            ClusterMembership membership,
            ControllerClient toController) {}

    /**
     * The way to settings that change while the broker runs.
     *
     * @param reader reads those of topics
     * @param effect takes changes of them over
     * @param broker takes over what the tree sets for brokers
     * @param throttles how much is copied of throttled replicas; null where there are no other brokers
     * @param clients what it sets for users and the like, made when anybody asks
     */
    record Configs(
            TopicConfigReader reader,
            TopicConfigEffect effect,
            LiveBrokerConfig broker,
            EngineThrottles throttles,
            Supplier<ClientConfigs> clients) {}

    /**
     * @param access asks who may; null for a broker that serves everybody
     * @param tokens the delegation tokens; null for a broker that has none
     */
    EngineHandlers(
            LiveConfig live, EngineEnvironment environment, Rooms rooms, EngineAccess access, EngineTokens tokens) {
        this.access = access;
        this.tokens = tokens;
        this.live = live;
        this.config = live.current();
        this.environment = environment;
        this.rooms = rooms;
        this.loop = environment.loops().cluster();
        this.large = aLane();
        this.transactions = new EngineTransactions(this);
    }

    /** {@return who coordinates transactions where this broker leads their partition} */
    PartitionLeadership transactions() {
        return transactions;
    }

    private LargeRequests aLane() {
        return new LargeRequests(environment.loops().blocking(), config.int32("odradek.request.inline.max.bytes"));
    }

    /** {@return what gives each request to its handler} */
    RequestDispatcher dispatcher() {
        List<ApiKey> served = new ArrayList<>();
        for (SupportedApis.Range range : SupportedApis.CLIENT.ranges()) {
            served.add(range.api());
        }
        return new RequestDispatcher(served, this);
    }

    @Override
    public RequestHandler<?> make(ApiKey api) {
        return access == null ? makeOpen(api) : access.guarded(api, makeOpen(api), large::aside, this::asideOfBoth);
    }

    private RequestHandler<?> makeOpen(ApiKey api) {
        MetadataSource metadata = rooms.metadata();
        PartitionOwners owners = rooms.owners();
        return switch (api) {
            case PRODUCE -> produce();
            case FETCH -> fetch();
            case LIST_OFFSETS -> asideOfBoth(listOffsets());
            case OFFSET_FOR_LEADER_EPOCH -> asideOfBoth(new OffsetForLeaderEpochHandler(owners, metadata));
            case DELETE_RECORDS ->
                large.aside(new DeleteRecordsHandler(
                        owners, metadata, rooms.logs().offsets()::whenStartSaved, maxWaitMs()));
            case INIT_PRODUCER_ID -> initProducerId();
            case DESCRIBE_LOG_DIRS -> new DescribeLogDirsHandler(rooms.logs(), disk(), environment.clock());
            case ALTER_REPLICA_LOG_DIRS ->
                new AlterReplicaLogDirsHandler(
                        rooms.logs().moves(), metadata, rooms.brokerId(), disk(), environment.clock());
            case API_VERSIONS ->
                new ApiVersionsHandler(
                        SupportedApis.CLIENT, config.int16("odradek.transaction.version"), metadata, rooms.brokerId());
            default -> makeOther(api);
        };
    }

    /** The cluster, its topics and their settings. */
    private RequestHandler<?> makeOther(ApiKey api) {
        MetadataSource metadata = rooms.metadata();
        Controller controller = rooms.office().controller();
        int brokerId = rooms.brokerId();
        return switch (api) {
            case METADATA -> large.aside(new MetadataHandler(metadata, autoCreation(), loop, topicLines()));
            case DESCRIBE_TOPIC_PARTITIONS ->
                large.aside(
                        new DescribeTopicPartitionsHandler(metadata, config.int32("max.request.partition.size.limit")));
            case DESCRIBE_CLUSTER -> new DescribeClusterHandler(metadata);
            case CREATE_TOPICS -> large.aside(new CreateTopicsHandler(controller, loop, live, topicLines()));
            case DELETE_TOPICS ->
                large.aside(new DeleteTopicsHandler(
                        controller, metadata, loop, config.flag("delete.topic.enable"), topicLines()));
            case CREATE_PARTITIONS -> large.aside(new CreatePartitionsHandler(controller, loop, topicLines()));
            case ELECT_LEADERS -> large.aside(new ElectLeadersHandler(controller, loop));
            case UPDATE_FEATURES -> new UpdateFeaturesHandler();
            case ALTER_PARTITION_REASSIGNMENTS -> large.aside(new AlterPartitionReassignmentsHandler(controller, loop));
            case LIST_PARTITION_REASSIGNMENTS -> large.aside(new ListPartitionReassignmentsHandler(controller, loop));
            case DESCRIBE_CONFIGS ->
                large.aside(new DescribeConfigsHandler(
                        metadata, rooms.configs().reader(), groupConfigs(), loop, live, brokerId));
            case LIST_CONFIG_RESOURCES -> large.aside(new ListConfigResourcesHandler(metadata, groupConfigs(), loop));
            case ALTER_CONFIGS -> large.aside(new AlterConfigsHandler(alterations(), loop, topicLines()));
            case INCREMENTAL_ALTER_CONFIGS ->
                large.aside(new IncrementalAlterConfigsHandler(alterations(), loop, topicLines()));
            default -> makeOfGroups(api);
        };
    }

    private RequestHandler<?> makeOfGroups(ApiKey api) {
        if (api == ApiKey.FIND_COORDINATOR) {
            return large.aside(new FindCoordinatorHandler(
                    rooms.metadata(), creator(), loop, AUTO_CREATE_WAIT_MS, environment.clock()));
        }
        RequestHandler<?> handler = groups().make(api);
        return handler == null ? makeOfTransactions(api) : handler;
    }

    private synchronized GroupHandlers groups() {
        if (groups == null) {
            groups = new GroupHandlers(rooms, config, environment, large);
        }
        return groups;
    }

    private RequestHandler<?> makeOfTransactions(ApiKey api) {
        return switch (api) {
            case DESCRIBE_PRODUCERS -> large.aside(new DescribeProducersHandler(rooms.owners(), rooms.metadata()));
            case ADD_PARTITIONS_TO_TXN, WRITE_TXN_MARKERS ->
                asideOfBoth(transactions.rooms().handler(api));
            case ADD_OFFSETS_TO_TXN, END_TXN, TXN_OFFSET_COMMIT, DESCRIBE_TRANSACTIONS ->
                large.aside(transactions.rooms().handler(api));
            case LIST_TRANSACTIONS -> large.aside(listTransactions());
            default -> makeOfSecurity(api);
        };
    }

    private RequestHandler<?> makeOfSecurity(ApiKey api) {
        RequestHandler<?> handler =
                new SecurityHandlers(rooms.configs().clients(), access, tokens, environment).make(api);
        return handler == null ? makeOfBrokers(api) : large.aside(handler);
    }

    private RequestHandler<?> listTransactions() {
        SlowRequests matching = new SlowRequests(
                environment.loops().blocking(),
                loop,
                MOST_WAITING_PATTERNS,
                maxWaitMs(),
                "Too many requests wait for patterns to be matched");
        return new ListTransactionsHandler(
                transactions.rooms().coordinator(),
                matching,
                config.int32("odradek.transactional.id.pattern.max.size"));
    }

    /** Takes over what is set now. */
    synchronized void changed(BrokerConfig now) {
        if (verifies != null) {
            verifies.take(now);
        }
    }

    private synchronized LiveFlag verifies() {
        if (verifies == null) {
            verifies = new LiveFlag("transaction.partition.verification.enable", live.current());
        }
        return verifies;
    }

    TransactionRooms makeTransactionRooms() {
        return new TransactionRooms(config, environment, rooms, producerIds(), verifies());
    }

    private RequestHandler<?> initProducerId() {
        return new InitProducerIdHandler(
                (request, context) -> transactions.rooms().initialization().handle(request, context),
                producerIds(),
                loop);
    }

    /** Clients ask it, and brokers of each other: each API has a lane for these. */
    private <R extends ApiRequest> RequestHandler<R> asideOfBoth(RequestHandler<R> handler) {
        return rooms.office().alone() ? large.aside(handler) : new BrokersLane(peers(), large, aLane()).aside(handler);
    }

    /** What brokers ask of each other: what clients ask does not hold it up. */
    private RequestHandler<?> makeOfBrokers(ApiKey api) {
        if (brokers == null) {
            brokers = new ClusterApis(
                    access == null ? peers() : ClusterPeers.ANYBODY,
                    rooms.office().orders(),
                    rooms.office().controller(),
                    loop,
                    maxWaitMs());
            largeOfBrokers = aLane();
        }
        return largeOfBrokers.aside(brokers.handler(api));
    }

    private ClusterPeers peers() {
        return rooms.office().alone() ? ClusterPeers.NOBODY : ClusterPeers.by(EngineSettings.brokerListeners(config));
    }

    private int maxWaitMs() {
        return config.int32("odradek.request.max.wait.ms");
    }

    private RequestHandler<?> produce() {
        // A third for those whom large batches hold up, one for those whom coordinators do, one for everybody else.
        int third = Math.max(1, config.int32("queued.max.requests") / 3);
        ProduceHandler.Bounds bounds =
                new ProduceHandler.Bounds(config.int32("odradek.records.background.checks"), third, third, maxWaitMs());
        return new ProduceHandler(
                rooms.owners(),
                rooms.metadata(),
                environment.clock(),
                environment.loops().blocking(),
                bounds,
                new ProduceVerification(
                        (question, reply) -> transactions.rooms().verifier().ask(question, reply), verifies()));
    }

    private RequestHandler<FetchRequest> fetch() {
        FetchSessionCache sessions = new FetchSessionCache(
                config.int32("max.incremental.fetch.session.cache.slots"),
                environment.clock(),
                environment.randoms(),
                environment.memory().fetchSessions());
        FetchHandler handler = new FetchHandler(
                rooms.owners(),
                rooms.metadata(),
                new FetchSessions(sessions),
                new FetchHandler.Bounds(config.int32("fetch.max.bytes"), maxWaitMs()),
                rooms.office().alone() ? null : rooms.configs().throttles().leader(),
                access == null ? null : access.readers(),
                this::downConversions);
        // One broker alone has no followers, and does not know any; an authorizer knows who may be one.
        return rooms.office().alone() || access != null ? handler : new ReplicaRequests(peers()).fetch(handler);
    }

    private synchronized DownConversions downConversions() {
        if (downConversions == null) {
            downConversions = new DownConversions(
                    rooms.owners(),
                    environment.clock(),
                    environment.loops().blocking(),
                    new DownConversions.Bounds(
                            config.int32("odradek.fetch.conversions"),
                            config.int32("odradek.fetch.conversion.max.bytes"),
                            config.int32("odradek.records.max.inflated.bytes"),
                            environment.memory().convertedBytes(config)),
                    environment.memory().answers(),
                    environment.guests().meters());
        }
        return downConversions;
    }

    private RequestHandler<ListOffsetsRequest> listOffsets() {
        return new ListOffsetsHandler(rooms.owners(), rooms.metadata(), environment.clock());
    }

    private MetadataHandler.AutoCreation autoCreation() {
        return new MetadataHandler.AutoCreation(
                config.flag("auto.create.topics.enable"),
                creator(),
                EngineSettings.creationLimits(config, environment.memory()),
                AUTO_CREATE_WAIT_MS);
    }

    /** Those of producers with and without transactional ids are the same. */
    private synchronized ProducerIds producerIds() {
        if (ids == null) {
            Office office = rooms.office();
            ClusterMembership membership = office.membership();
            int brokerId = rooms.brokerId();
            ProducerIds.Blocks blocks = office.alone()
                    ? () -> office.controller().allocateProducerIds(brokerId, membership.brokerEpoch())
                    : new ClusterProducerIds(
                            office.toController(),
                            brokerId,
                            membership::brokerEpoch,
                            config.int32("request.timeout.ms"));
            ids = new ProducerIds(blocks, loop);
        }
        return ids;
    }

    private ConfigAlterations alterations() {
        if (alterations == null) {
            Configs configs = rooms.configs();
            alterations = new ConfigAlterations(
                    rooms.metadata(),
                    new TopicConfigWriter(rooms.office().membership().store(), loop, live, configs.effect()),
                    new BrokerConfigWriter(configs.broker(), loop, environment.randoms()),
                    groupConfigs(),
                    rooms.brokerId());
        }
        return alterations;
    }

    private GroupConfigs groupConfigs() {
        return new GroupConfigs(rooms.office().membership().store(), loop);
    }

    private TopicLines topicLines() {
        if (topicLines == null) {
            topicLines = new TopicLines(environment.clock());
        }
        return topicLines;
    }

    private TopicCreator creator() {
        if (creator == null) {
            Office office = rooms.office();
            AutoTopics topics = EngineSettings.autoTopics(config, office.alone());
            creator = new FewAwaitedCreations(
                    office.alone()
                            ? new ControllerTopicCreator(office.controller(), rooms.metadata(), topics)
                            : new ClusterTopicCreator(
                                    office.toController(), rooms.metadata(), topics, AUTO_CREATE_WAIT_MS),
                    FewAwaitedCreations.MOST);
        }
        return creator;
    }

    private SlowRequests disk() {
        if (disk == null) {
            disk = new SlowRequests(
                    environment.loops().blocking(),
                    loop,
                    config.int32("odradek.disk.requests.max"),
                    maxWaitMs(),
                    "Too many requests wait for the broker's disks");
        }
        return disk;
    }
}
