package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.LiveConfig;
import io.odradek.core.config.dynamic.GroupConfigs;
import io.odradek.core.config.dynamic.TopicConfigReader;
import io.odradek.core.controller.ProducerIds;
import io.odradek.core.controller.SimulatedCluster;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiVersionsRequest;
import io.odradek.protocol.api.ApiVersionsResponse;
import io.odradek.protocol.api.ApiVersionsResponse.FinalizedFeatureKey;
import io.odradek.protocol.api.ApiVersionsResponse.SupportedFeatureKey;
import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableReplicaAssignment;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopic;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopicConfig;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.CreateTopicsResponse.CreatableTopicResult;
import io.odradek.protocol.api.DeleteTopicsRequest;
import io.odradek.protocol.api.DeleteTopicsRequest.DeleteTopicState;
import io.odradek.protocol.api.DeleteTopicsResponse;
import io.odradek.protocol.api.DeleteTopicsResponse.DeletableTopicResult;
import io.odradek.protocol.api.DescribeClusterRequest;
import io.odradek.protocol.api.DescribeClusterResponse;
import io.odradek.protocol.api.DescribeConfigsRequest;
import io.odradek.protocol.api.DescribeConfigsRequest.DescribeConfigsResource;
import io.odradek.protocol.api.DescribeConfigsResponse;
import io.odradek.protocol.api.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.odradek.protocol.api.DescribeConfigsResponse.DescribeConfigsSynonym;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.InitProducerIdResponse;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.api.MetadataResponse.MetadataResponseTopic;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterHandlersTest {
    private static final EnumSet<ApiKey> NOT_SERVED_YET =
            EnumSet.of(ApiKey.ALTER_PARTITION_REASSIGNMENTS, ApiKey.LIST_PARTITION_REASSIGNMENTS);

    private static final int MAX_WAIT_MS = 1000;

    private SimulatedCluster cluster;
    private SimulatedCluster.Broker broker;

    @BeforeEach
    void start() throws IOException {
        cluster = new SimulatedCluster();
        broker = cluster.start(1);
    }

    @AfterEach
    void close() {
        cluster.close();
        cluster.files.close();
    }

    private MetadataResponse metadata(int version, List<MetadataRequestTopic> topics, boolean create) {
        return metadata(new CapturedRequest(ApiKey.METADATA, version), topics, create)
                .answer(MetadataResponse.class);
    }

    private CapturedRequest metadata(CapturedRequest context, List<MetadataRequestTopic> topics, boolean create) {
        var creation = new MetadataHandler.AutoCreation(true, broker.creator(), SimulatedCluster.LIMITS, MAX_WAIT_MS);
        new MetadataHandler(broker.metadata, creation, broker.loop, new TopicLines(cluster.world.clock()))
                .handle(new MetadataRequest(topics, create, false, false), context);
        cluster.world.runUntilIdle();
        return context;
    }

    private static List<MetadataRequestTopic> named(String... names) {
        List<MetadataRequestTopic> topics = new ArrayList<>();
        for (String name : names) {
            topics.add(new MetadataRequestTopic(Uuid.ZERO, name));
        }
        return topics;
    }

    @Test
    void everyVersionThatIsAdvertisedIsDeclared() {
        for (SupportedApis.Range range : SupportedApis.CLIENT.ranges()) {
            assertThat((int) ApiCodecs.minVersion(range.api()))
                    .as(range.toString())
                    .isLessThanOrEqualTo(range.min());
            assertThat((int) ApiCodecs.maxVersion(range.api()))
                    .as(range.toString())
                    .isGreaterThanOrEqualTo(range.max());
        }
        for (ApiKey api : EnumSet.complementOf(NOT_SERVED_YET)) {
            assertThat(SupportedApis.CLIENT.serves(api.key(), (short) 0) || !ApiCodecs.declares(api))
                    .as(api.name())
                    .isTrue();
        }
        assertThat(SupportedApis.CLIENT.serves((short) 999, (short) 0)).isFalse();
        assertThat(SupportedApis.CLIENT.unsupportedVersion().errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(SupportedApis.CLIENT.unsupportedVersion().apiKeys()).isNotEmpty();
    }

    @Test
    void clientSoftwareIsCheckedFromVersionThreeOn() {
        assertThat(apiVersions(3, "apache-kafka-java", "3.9.2").errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(apiVersions(3, "", "3.9.2").errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(apiVersions(3, "a b", "3.9.2").errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(apiVersions(4, "name", "-3").errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(apiVersions(0, "", "").errorCode()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void transactionsV2AreOnAndToldInAFormThatTheVersionCanRead() {
        for (int version = 0; version <= 5; version++) {
            ApiVersionsResponse told = apiVersions(version, "apache-kafka-java", "4.4.0");
            assertThat(told.supportedFeatures()).hasSize(version >= 4 ? 1 : 0);
            assertThat(told.finalizedFeatures()).hasSize(version >= 3 ? 1 : 0);
        }
        ApiVersionsResponse newest = apiVersions(5, "apache-kafka-java", "4.4.0");
        assertThat(newest.supportedFeatures())
                .containsExactly(new SupportedFeatureKey("transaction.version", (short) 0, (short) 2));
        assertThat(newest.finalizedFeatures())
                .containsExactly(new FinalizedFeatureKey("transaction.version", (short) 2, (short) 2));
        assertThat(newest.finalizedFeaturesEpoch()).isZero();
        assertThat(SupportedApis.CLIENT.supported(4, (short) 0).finalizedFeatures())
                .isEmpty();
    }

    @Test
    void whoMeansAnotherBrokerOrAnotherClusterIsSentBackToItsBootstrapServers() {
        String cluster = broker.metadata.image().clusterId();
        assertThat(meant(cluster, 1).errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(meant(cluster, 1).apiKeys()).isNotEmpty();
        assertThat(meant(null, -1).errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(meant(cluster, 2).errorCode()).isEqualTo(ErrorCode.REBOOTSTRAP_REQUIRED);
        assertThat(meant(cluster, 2).apiKeys()).isEmpty();
        assertThat(meant("another", 1).errorCode()).isEqualTo(ErrorCode.REBOOTSTRAP_REQUIRED);
        assertThat(meant("", 1).errorCode()).isEqualTo(ErrorCode.REBOOTSTRAP_REQUIRED);
        assertThat(meant(cluster, -1).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(meant(null, 1).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    private ApiVersionsResponse meant(String clusterId, int nodeId) {
        return apiVersions(5, new ApiVersionsRequest("apache-kafka-java", "4.4.0", clusterId, nodeId));
    }

    private ApiVersionsResponse apiVersions(int version, String name, String softwareVersion) {
        return apiVersions(version, new ApiVersionsRequest(name, softwareVersion));
    }

    private ApiVersionsResponse apiVersions(int version, ApiVersionsRequest request) {
        CapturedRequest context = new CapturedRequest(ApiKey.API_VERSIONS, version);
        new ApiVersionsHandler(SupportedApis.CLIENT, (short) 2, broker.metadata, 1).handle(request, context);
        return context.answer(ApiVersionsResponse.class);
    }

    @Test
    void allTopicsAreAskedForByEmptinessInVersionZeroAndByNullLater() {
        broker.create("t", 1, 1, Map.of());
        assertThat(metadata(0, List.of(), true).topics()).hasSize(1);
        assertThat(metadata(1, List.of(), true).topics()).isEmpty();
        MetadataResponse all = metadata(12, null, true);
        assertThat(all.topics()).extracting(MetadataResponseTopic::name).containsExactly("t");
        assertThat(all.brokers())
                .containsExactly(new MetadataResponse.MetadataResponseBroker(1, "broker-1", 9092, null));
        assertThat(all.controllerId()).isEqualTo(1);
        assertThat(all.clusterId()).isEqualTo(SimulatedCluster.CLUSTER_ID);
        assertThat(all.topics().get(0).topicAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
    }

    @Test
    void aMissingTopicIsCreatedAndAnsweredWithItsLeader() {
        MetadataResponseTopic topic =
                metadata(12, named("t", "t"), true).topics().get(0);
        assertThat(topic.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(topic.partitions().get(0).leaderId()).isEqualTo(1);
    }

    @Test
    void aMissingTopicStaysMissingWhereCreationIsNotAllowed() {
        assertThat(metadata(12, named("t"), false).topics())
                .extracting(MetadataResponseTopic::errorCode)
                .containsExactly(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(metadata(12, named("no/"), true).topics())
                .extracting(MetadataResponseTopic::errorCode)
                .containsExactly(ErrorCode.INVALID_TOPIC_EXCEPTION);
        assertThat(broker.image().topics()).isEmpty();
    }

    @Test
    void aCreationThatTakesTooLongIsLeaderNotAvailable() {
        broker.replicas.delayMs = 10 * MAX_WAIT_MS;
        CapturedRequest context = metadata(new CapturedRequest(ApiKey.METADATA, 12), named("t"), true);
        cluster.world.advanceMs(MAX_WAIT_MS - 1);
        assertThat(context.answered()).isFalse();
        cluster.world.advanceMs(1);
        assertThat(context.answer(MetadataResponse.class).topics())
                .extracting(MetadataResponseTopic::errorCode)
                .containsExactly(ErrorCode.LEADER_NOT_AVAILABLE);
        cluster.world.advanceMs(100 * MAX_WAIT_MS);
    }

    @Test
    void topicsAreFoundByIdFromVersionTwelveOn() {
        Uuid id = broker.create("t", 1, 1, Map.of()).id();
        List<MetadataRequestTopic> byId =
                List.of(new MetadataRequestTopic(id, null), new MetadataRequestTopic(new Uuid(9, 9), null));
        assertThat(metadata(12, byId, true).topics())
                .extracting(MetadataResponseTopic::errorCode)
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(metadata(10, byId, true).topics())
                .extracting(MetadataResponseTopic::errorCode)
                .containsOnly(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void aListenerThatTheLeaderDoesNotHaveIsNotFound() {
        broker.create("t", 1, 1, Map.of());
        MetadataResponse response = metadata(new CapturedRequest(ApiKey.METADATA, 12, "OTHER"), null, true)
                .answer(MetadataResponse.class);
        assertThat(response.brokers()).isEmpty();
        assertThat(response.topics().get(0).partitions().get(0).errorCode()).isEqualTo(ErrorCode.LISTENER_NOT_FOUND);
    }

    private CreateTopicsResponse createTopics(int timeoutMs, CreatableTopic... topics) {
        CapturedRequest context = new CapturedRequest(ApiKey.CREATE_TOPICS, 7);
        new CreateTopicsHandler(
                        broker.controller,
                        broker.loop,
                        new LiveConfig(BrokerConfig.of(Map.of("log.segment.bytes", "5000"))),
                        new TopicLines(cluster.world.clock()))
                .handle(new CreateTopicsRequest(List.of(topics), timeoutMs, false), context);
        cluster.world.advanceMs(Math.max(0, timeoutMs));
        return context.answer(CreateTopicsResponse.class);
    }

    private static CreatableTopic creatable(String name) {
        return new CreatableTopic(
                name, -1, (short) -1, List.of(), List.of(new CreatableTopicConfig("retention.ms", "7000")));
    }

    @Test
    void aBrokerCreatesATopicByARequestToItself() {
        RequestDispatcher dispatcher = new RequestDispatcher(
                List.of(ApiKey.CREATE_TOPICS),
                api -> new CreateTopicsHandler(
                        broker.controller,
                        broker.loop,
                        new LiveConfig(BrokerConfig.of(Map.of())),
                        new TopicLines(cluster.world.clock())));
        CreateTopicsRequest request = new CreateTopicsRequest(List.of(creatable("t")), 1000, false);

        var answer =
                OwnRequest.serve(dispatcher, ApiKey.CREATE_TOPICS, 7, request).toCompletableFuture();
        cluster.world.advanceMs(100);

        CreateTopicsResponse response = (CreateTopicsResponse) answer.getNow(null);
        assertThat(response.topics())
                .singleElement()
                .extracting(CreatableTopicResult::errorCode)
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void createdTopicsAreAnsweredWithIdCountsAndSettings() {
        CreatableTopicResult topic = createTopics(100, creatable("t")).topics().get(0);
        assertThat(topic.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(topic.topicId()).isEqualTo(broker.image().topics().get("t").id());
        assertThat(topic.numPartitions()).isEqualTo(1);
        assertThat(topic.replicationFactor()).isEqualTo((short) 1);
        assertThat(topic.configs())
                .contains(
                        new CreateTopicsResponse.CreatableTopicConfigs("retention.ms", "7000", false, (byte) 1, false),
                        new CreateTopicsResponse.CreatableTopicConfigs(
                                "segment.bytes", "5000", false, (byte) 4, false));
    }

    @Test
    void aReplicaAssignmentOfAnyLengthIsRefusedInAMessageThatFits() {
        var replicas = new CreatableReplicaAssignment(
                0, IntStream.range(0, 60_000).boxed().toList());
        CreatableTopic wanted = new CreatableTopic("t", -1, (short) -1, List.of(replicas), List.of());

        CreatableTopicResult refused = createTopics(100, wanted).topics().get(0);

        assertThat(refused.errorCode()).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(refused.errorMessage()).hasSizeLessThan(1_000);
    }

    @Test
    void aTopicNamedTwiceIsRefusedAndOthersAreNot() {
        assertThat(createTopics(100, creatable("twice"), creatable("t"), creatable("twice"))
                        .topics())
                .extracting(CreatableTopicResult::errorCode)
                .containsExactly(ErrorCode.INVALID_REQUEST, ErrorCode.NONE, ErrorCode.INVALID_REQUEST);
    }

    @Test
    void aCreationThatOutlastsItsTimeIsTimedOutAndGoesOn() {
        broker.replicas.delayMs = 500;
        assertThat(createTopics(100, creatable("t")).topics())
                .extracting(CreatableTopicResult::errorCode)
                .containsExactly(ErrorCode.REQUEST_TIMED_OUT);
        cluster.world.advanceMs(500);
        assertThat(broker.image().topics()).containsOnlyKeys("t");
        assertThat(createTopics(0, creatable("u")).topics())
                .extracting(CreatableTopicResult::errorCode)
                .containsExactly(ErrorCode.REQUEST_TIMED_OUT);
        cluster.world.advanceMs(500);
    }

    @Test
    void whatOneRequestMayCreateIsBoundedAndDefaultsCountAsWhatTheyBecome() {
        cluster.defaultPartitions = 40;
        cluster.kill(1);
        broker = cluster.start(1);
        assertThat(createTopics(100, creatable("a"), creatable("b"), creatable("c"))
                        .topics())
                .extracting(CreatableTopicResult::errorCode)
                .containsExactly(ErrorCode.NONE, ErrorCode.NONE, ErrorCode.POLICY_VIOLATION);
        CreatableTopicResult refused = createTopics(100, new CreatableTopic("d", 101, (short) 1, List.of(), List.of()))
                .topics()
                .get(0);
        assertThat(refused.errorCode()).isEqualTo(ErrorCode.POLICY_VIOLATION);
        assertThat(refused.errorMessage()).contains("100").contains("odradek.create.topics.max.partitions");
        CreatableTopic[] many = new CreatableTopic[SimulatedCluster.LIMITS.maxTopics() + 1];
        for (int i = 0; i < many.length; i++) {
            many[i] = new CreatableTopic("m" + i, 0, (short) 1, List.of(), List.of());
        }
        var results = createTopics(100, many).topics();
        assertThat(results.get(many.length - 2).errorCode()).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        assertThat(results.get(many.length - 1).errorCode()).isEqualTo(ErrorCode.POLICY_VIOLATION);
    }

    private List<ErrorCode> deleteTopics(int version, boolean enabled, List<DeleteTopicState> states, String... names) {
        CapturedRequest context = new CapturedRequest(ApiKey.DELETE_TOPICS, version);
        new DeleteTopicsHandler(
                        broker.controller, broker.metadata, broker.loop, enabled, new TopicLines(cluster.world.clock()))
                .handle(new DeleteTopicsRequest(states, List.of(names), 100), context);
        cluster.world.advanceMs(100);
        List<ErrorCode> errors = new ArrayList<>();
        for (DeletableTopicResult result :
                context.answer(DeleteTopicsResponse.class).responses()) {
            errors.add(result.errorCode());
        }
        return errors;
    }

    @Test
    void topicsAreDeletedByNameAndById() {
        broker.create("a", 1, 1, Map.of());
        Uuid b = broker.create("b", 1, 1, Map.of()).id();
        assertThat(deleteTopics(3, false, List.of(), "a")).containsExactly(ErrorCode.TOPIC_DELETION_DISABLED);
        assertThat(deleteTopics(1, true, List.of(), "a", "none", "a"))
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ErrorCode.INVALID_REQUEST);
        assertThat(deleteTopics(6, true, List.of(new DeleteTopicState("b", b), new DeleteTopicState("b", Uuid.ZERO))))
                .as("nothing of a request that names a topic by both")
                .containsExactly(ErrorCode.INVALID_REQUEST, ErrorCode.INVALID_REQUEST);
        List<DeleteTopicState> states = List.of(
                new DeleteTopicState(null, b),
                new DeleteTopicState(null, new Uuid(9, 9)),
                new DeleteTopicState(null, Uuid.ZERO));
        assertThat(deleteTopics(6, true, states))
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_ID, ErrorCode.INVALID_REQUEST);
        assertThat(broker.image().topics()).isEmpty();
    }

    private List<DescribeConfigsResponse.DescribeConfigsResult> describe(int type, String name, List<String> keys) {
        BrokerConfig config = BrokerConfig.of(Map.of("log.segment.bytes", "5000"));
        CapturedRequest context = new CapturedRequest(ApiKey.DESCRIBE_CONFIGS, 4);
        describer(config)
                .handle(
                        new DescribeConfigsRequest(
                                List.of(new DescribeConfigsResource((byte) type, name, keys)), true, true),
                        context);
        cluster.world.runUntilIdle();
        return context.answer(DescribeConfigsResponse.class).results();
    }

    private DescribeConfigsHandler describer(BrokerConfig config) {
        TopicConfigReader topics = new TopicConfigReader(cluster.observer(), config::given);
        return new DescribeConfigsHandler(
                broker.metadata,
                topics,
                new GroupConfigs(cluster.observer(), broker.loop),
                broker.loop,
                new LiveConfig(config),
                1);
    }

    @Test
    void settingsAreDescribedWithTheirSources() {
        broker.create("t", 1, 1, Map.of("segment.bytes", "9000"));
        DescribeConfigsResourceResult setting =
                describe(2, "t", List.of("segment.bytes")).get(0).configs().get(0);
        assertThat(setting.value()).isEqualTo("9000");
        assertThat(setting.configSource()).isEqualTo((byte) 1);
        assertThat(setting.configType()).isEqualTo((byte) 3);
        assertThat(setting.documentation()).isNotBlank();
        assertThat(setting.synonyms())
                .containsExactly(
                        new DescribeConfigsSynonym("segment.bytes", "9000", (byte) 1),
                        new DescribeConfigsSynonym("log.segment.bytes", "5000", (byte) 4),
                        new DescribeConfigsSynonym("log.segment.bytes", "1073741824", (byte) 5));
        assertThat(describe(2, "t", null).get(0).configs()).hasSizeGreaterThan(20);
        assertThat(describe(2, "t", List.of()).get(0).configs()).hasSizeGreaterThan(20);
        DescribeConfigsResourceResult ofBroker =
                describe(4, "1", List.of("log.segment.bytes")).get(0).configs().get(0);
        assertThat(ofBroker.value()).isEqualTo("5000");
        assertThat(ofBroker.readOnly()).isFalse();
        assertThat(describe(4, "1", List.of("num.partitions"))
                        .get(0)
                        .configs()
                        .get(0)
                        .readOnly())
                .isTrue();
    }

    @Test
    void aResourceIsDescribedOnceHoweverOftenItIsNamed() {
        List<DescribeConfigsResource> often = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            often.add(new DescribeConfigsResource(
                    (byte) 4, "1", List.of(i % 2 == 0 ? "log.segment.bytes" : "none-" + i)));
        }
        often.add(new DescribeConfigsResource((byte) 4, "1", List.of("num.partitions")));
        CapturedRequest context = new CapturedRequest(ApiKey.DESCRIBE_CONFIGS, 4);
        describer(BrokerConfig.of(Map.of())).handle(new DescribeConfigsRequest(often, true, true), context);
        var results = context.answer(DescribeConfigsResponse.class).results();
        assertThat(results).hasSize(1);
        assertThat(results.get(0).configs())
                .extracting(DescribeConfigsResourceResult::name)
                .containsExactlyInAnyOrder("log.segment.bytes", "num.partitions");
    }

    @Test
    void resourcesThatAreNotThereAreErrors() {
        assertThat(describe(2, "none", null).get(0).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(describe(2, "no/", null).get(0).errorCode()).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
        assertThat(describe(4, "7", null).get(0).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(describe(99, "x", null).get(0).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(describe(4, "", null).get(0).errorCode()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void theClusterIsDescribedForBrokersOnly() {
        assertThat(describeCluster(1).brokers()).hasSize(1);
        assertThat(describeCluster(2).errorCode()).isEqualTo(ErrorCode.MISMATCHED_ENDPOINT_TYPE);
        assertThat(describeCluster(3).errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_ENDPOINT_TYPE);
    }

    private DescribeClusterResponse describeCluster(int endpointType) {
        CapturedRequest context = new CapturedRequest(ApiKey.DESCRIBE_CLUSTER, 1);
        new DescribeClusterHandler(broker.metadata)
                .handle(new DescribeClusterRequest(false, (byte) endpointType), context);
        return context.answer(DescribeClusterResponse.class);
    }

    private InitProducerIdResponse initProducerId(ProducerIds ids, String transactionalId, long id, int epoch) {
        CapturedRequest context = new CapturedRequest(ApiKey.INIT_PRODUCER_ID, 4);
        new InitProducerIdHandler(
                        (request, way) -> way.respond(
                                new InitProducerIdResponse(ErrorCode.CONCURRENT_TRANSACTIONS, 8, (short) 3)),
                        ids,
                        broker.loop)
                .handle(new InitProducerIdRequest(transactionalId, 1000, id, (short) epoch), context);
        cluster.world.runUntilIdle();
        return context.answer(InitProducerIdResponse.class);
    }

    @Test
    void producerIdsAreNeverGivenTwice() {
        ProducerIds first = new ProducerIds(() -> broker.controller.allocateProducerIds(1, -1), broker.loop);
        ProducerIds afterRestart = new ProducerIds(() -> broker.controller.allocateProducerIds(1, -1), broker.loop);
        for (int i = 0; i < 1001; i++) {
            assertThat(initProducerId(first, null, -1, -1).producerId()).isEqualTo(i);
        }
        assertThat(cluster.text("/latest_producer_id_block"))
                .isEqualTo("{\"version\":1,\"broker\":1,\"block_start\":\"1000\",\"block_end\":\"1999\"}");
        assertThat(initProducerId(afterRestart, null, -1, -1))
                .isEqualTo(new InitProducerIdResponse(ErrorCode.NONE, 2000, (short) 0));
        assertThat(initProducerId(afterRestart, null, 5, 3).producerId()).isEqualTo(2001);
    }

    @Test
    void aTransactionalIdIsForItsCoordinatorAndHalfAnIdentityIsRefused() {
        ProducerIds ids = new ProducerIds(() -> broker.controller.allocateProducerIds(1, -1), broker.loop);
        assertThat(initProducerId(ids, "tx", -1, -1))
                .isEqualTo(new InitProducerIdResponse(ErrorCode.CONCURRENT_TRANSACTIONS, 8, (short) 3));
        assertThat(initProducerId(ids, null, 5, -1).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
    }
}
