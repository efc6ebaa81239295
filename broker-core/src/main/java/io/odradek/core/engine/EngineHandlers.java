package io.odradek.core.engine;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.dynamic.TopicConfigWriter;
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
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.request.AlterConfigsHandler;
import io.odradek.core.request.AlterReplicaLogDirsHandler;
import io.odradek.core.request.ApiVersionsHandler;
import io.odradek.core.request.CreateTopicsHandler;
import io.odradek.core.request.DeleteRecordsHandler;
import io.odradek.core.request.DeleteTopicsHandler;
import io.odradek.core.request.DescribeClusterHandler;
import io.odradek.core.request.DescribeConfigsHandler;
import io.odradek.core.request.DescribeLogDirsHandler;
import io.odradek.core.request.DiskRequests;
import io.odradek.core.request.FetchHandler;
import io.odradek.core.request.IncrementalAlterConfigsHandler;
import io.odradek.core.request.InitProducerIdHandler;
import io.odradek.core.request.LargeRequests;
import io.odradek.core.request.ListOffsetsHandler;
import io.odradek.core.request.MetadataHandler;
import io.odradek.core.request.OffsetForLeaderEpochHandler;
import io.odradek.core.request.ProduceHandler;
import io.odradek.core.request.RequestDispatcher;
import io.odradek.core.request.SupportedApis;
import io.odradek.core.request.cluster.ClusterApis;
import io.odradek.core.request.cluster.ClusterPeers;
import io.odradek.core.request.group.DeleteGroupsHandler;
import io.odradek.core.request.group.DescribeGroupsHandler;
import io.odradek.core.request.group.FindCoordinatorHandler;
import io.odradek.core.request.group.HeartbeatHandler;
import io.odradek.core.request.group.JoinGroupHandler;
import io.odradek.core.request.group.LeaveGroupHandler;
import io.odradek.core.request.group.ListGroupsHandler;
import io.odradek.core.request.group.OffsetCommitHandler;
import io.odradek.core.request.group.OffsetDeleteHandler;
import io.odradek.core.request.group.OffsetFetchHandler;
import io.odradek.core.request.group.SyncGroupHandler;
import io.odradek.core.transport.BrokerClient;
import io.odradek.protocol.api.ApiKey;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.manager.LogManager;

/**
 * The handlers of a broker.
 *
 * @param config its configuration
 * @param brokerId its id
 * @param environment its surroundings
 * @param metadata its metadata image
 * @param owners its partition owners
 * @param controller its controller
 * @param producerIds its producer ids
 */
record EngineHandlers(
        BrokerConfig config,
        int brokerId,
        EngineEnvironment environment,
        MetadataSource metadata,
        PartitionOwners owners,
        Controller controller,
        ProducerIds producerIds) {
    /** How long a request waits for the topics that it creates by asking for them. */
    private static final long AUTO_CREATE_WAIT_MS = 5_000;

    RequestDispatcher dispatcher(
            GroupCoordinator groups, TopicConfigWriter topicConfigs, LogManager logs, ControllerOrders orders) {
        RequestDispatcher.Builder builder =
                new RequestDispatcher.Builder(environment.guests().meters());
        LargeRequests large =
                new LargeRequests(environment.loops().blocking(), config.int32("odradek.request.inline.max.bytes"));
        TopicCreator creator = new FewAwaitedCreations(
                new ControllerTopicCreator(controller, metadata, EngineSettings.autoTopics(config)),
                FewAwaitedCreations.MOST);
        addData(builder, large);
        builder.handler(
                ApiKey.DELETE_RECORDS,
                large.aside(new DeleteRecordsHandler(owners, metadata, logs::whenStartSaved, maxWaitMs())));
        addLogFolders(builder, logs);
        addCluster(builder, large, creator);
        addConfigs(builder, large, topicConfigs);
        addGroups(builder, large, groups);
        addBrokers(builder, orders);
        builder.handler(
                ApiKey.FIND_COORDINATOR,
                large.aside(new FindCoordinatorHandler(
                        metadata, creator, environment.loops().cluster(), AUTO_CREATE_WAIT_MS, environment.clock())));
        return builder.build();
    }

    private int maxWaitMs() {
        return config.int32("odradek.request.max.wait.ms");
    }

    private void addData(RequestDispatcher.Builder builder, LargeRequests large) {
        FetchSessionCache sessions = new FetchSessionCache(
                config.int32("max.incremental.fetch.session.cache.slots"),
                environment.clock(),
                environment.randoms(),
                environment.memory().fetchSessions());
        ProduceHandler.Bounds produce = new ProduceHandler.Bounds(
                config.int32("odradek.records.background.checks"),
                Math.max(1, config.int32("queued.max.requests") / 2),
                maxWaitMs());
        builder.handler(
                        ApiKey.PRODUCE,
                        new ProduceHandler(
                                owners,
                                metadata,
                                environment.clock(),
                                environment.loops().blocking(),
                                produce))
                .handler(
                        ApiKey.FETCH,
                        new FetchHandler(
                                owners,
                                metadata,
                                new FetchSessions(sessions),
                                new FetchHandler.Bounds(config.int32("fetch.max.bytes"), maxWaitMs())))
                .handler(ApiKey.LIST_OFFSETS, large.aside(new ListOffsetsHandler(owners, metadata)))
                .handler(
                        ApiKey.OFFSET_FOR_LEADER_EPOCH, large.aside(new OffsetForLeaderEpochHandler(owners, metadata)));
    }

    private void addCluster(RequestDispatcher.Builder builder, LargeRequests large, TopicCreator creator) {
        EventLoop loop = environment.loops().cluster();
        MetadataHandler.AutoCreation creation = new MetadataHandler.AutoCreation(
                config.flag("auto.create.topics.enable"),
                creator,
                EngineSettings.creationLimits(config),
                AUTO_CREATE_WAIT_MS);
        boolean mayDelete = config.flag("delete.topic.enable");
        builder.handler(ApiKey.API_VERSIONS, new ApiVersionsHandler(SupportedApis.CLIENT))
                .handler(ApiKey.METADATA, large.aside(new MetadataHandler(metadata, creation, loop)))
                .handler(ApiKey.CREATE_TOPICS, large.aside(new CreateTopicsHandler(controller, loop, config.given())))
                .handler(
                        ApiKey.DELETE_TOPICS,
                        large.aside(new DeleteTopicsHandler(controller, metadata, loop, mayDelete)))
                .handler(ApiKey.INIT_PRODUCER_ID, new InitProducerIdHandler(producerIds, loop))
                .handler(ApiKey.DESCRIBE_CLUSTER, new DescribeClusterHandler(metadata));
    }

    private void addLogFolders(RequestDispatcher.Builder builder, LogManager logs) {
        DiskRequests disk = new DiskRequests(
                environment.loops().blocking(),
                environment.loops().cluster(),
                config.int32("odradek.disk.requests.max"),
                maxWaitMs());
        builder.handler(ApiKey.DESCRIBE_LOG_DIRS, new DescribeLogDirsHandler(logs, disk, environment.clock()))
                .handler(
                        ApiKey.ALTER_REPLICA_LOG_DIRS,
                        new AlterReplicaLogDirsHandler(logs.moves(), disk, environment.clock()));
    }

    private void addConfigs(RequestDispatcher.Builder builder, LargeRequests large, TopicConfigWriter topics) {
        EventLoop loop = environment.loops().cluster();
        builder.handler(ApiKey.DESCRIBE_CONFIGS, large.aside(new DescribeConfigsHandler(metadata, config, brokerId)))
                .handler(ApiKey.ALTER_CONFIGS, large.aside(new AlterConfigsHandler(metadata, topics, loop, brokerId)))
                .handler(
                        ApiKey.INCREMENTAL_ALTER_CONFIGS,
                        large.aside(new IncrementalAlterConfigsHandler(metadata, topics, loop, brokerId)));
    }

    private void addBrokers(RequestDispatcher.Builder builder, ControllerOrders orders) {
        ClusterPeers peers = environment.brokers() == BrokerClient.NONE
                ? ClusterPeers.NOBODY
                : ClusterPeers.by(EngineSettings.brokerListeners(config));
        ClusterApis brokers = new ClusterApis(
                peers,
                new ClusterApis.Rooms(orders, controller, environment.loops().cluster(), maxWaitMs()));
        for (ApiKey api : ClusterApis.KEYS) {
            builder.handler(api, brokers);
        }
    }

    private static void addGroups(RequestDispatcher.Builder builder, LargeRequests large, GroupCoordinator groups) {
        builder.handler(ApiKey.JOIN_GROUP, new JoinGroupHandler(groups))
                .handler(ApiKey.SYNC_GROUP, new SyncGroupHandler(groups))
                .handler(ApiKey.HEARTBEAT, new HeartbeatHandler(groups))
                .handler(ApiKey.LEAVE_GROUP, new LeaveGroupHandler(groups))
                .handler(ApiKey.OFFSET_COMMIT, new OffsetCommitHandler(groups))
                .handler(ApiKey.OFFSET_FETCH, large.aside(new OffsetFetchHandler(groups)))
                .handler(ApiKey.OFFSET_DELETE, large.aside(new OffsetDeleteHandler(groups)))
                .handler(ApiKey.DESCRIBE_GROUPS, large.aside(new DescribeGroupsHandler(groups)))
                .handler(ApiKey.LIST_GROUPS, large.aside(new ListGroupsHandler(groups)))
                .handler(ApiKey.DELETE_GROUPS, large.aside(new DeleteGroupsHandler(groups)));
    }
}
