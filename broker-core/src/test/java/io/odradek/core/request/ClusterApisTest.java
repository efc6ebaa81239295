package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.dynamic.TopicConfigReader;
import io.odradek.core.controller.NewTopic;
import io.odradek.core.controller.RecordingReplicas;
import io.odradek.core.controller.SimulatedCluster;
import io.odradek.core.metadata.MetadataCache;
import io.odradek.core.orders.ControllerOrders;
import io.odradek.core.request.cluster.ClusterApis;
import io.odradek.core.request.cluster.ClusterPeers;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.AllocateProducerIdsRequest;
import io.odradek.protocol.api.AllocateProducerIdsResponse;
import io.odradek.protocol.api.AlterPartitionRequest;
import io.odradek.protocol.api.AlterPartitionResponse;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ControlledShutdownRequest;
import io.odradek.protocol.api.ControlledShutdownResponse;
import io.odradek.protocol.api.LeaderAndIsrRequest;
import io.odradek.protocol.api.LeaderAndIsrRequest.LeaderAndIsrPartitionState;
import io.odradek.protocol.api.LeaderAndIsrRequest.LeaderAndIsrTopicState;
import io.odradek.protocol.api.LeaderAndIsrResponse;
import io.odradek.protocol.api.StopReplicaRequest;
import io.odradek.protocol.api.StopReplicaRequest.StopReplicaPartitionState;
import io.odradek.protocol.api.StopReplicaRequest.StopReplicaTopicState;
import io.odradek.protocol.api.StopReplicaResponse;
import io.odradek.protocol.api.UpdateMetadataRequest;
import io.odradek.protocol.api.UpdateMetadataRequest.UpdateMetadataBroker;
import io.odradek.protocol.api.UpdateMetadataRequest.UpdateMetadataEndpoint;
import io.odradek.protocol.api.UpdateMetadataRequest.UpdateMetadataPartitionState;
import io.odradek.protocol.api.UpdateMetadataRequest.UpdateMetadataTopicState;
import io.odradek.protocol.api.UpdateMetadataResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedLoop;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What brokers ask of each other, over the wire. */
class ClusterApisTest {
    private static final TopicPartition EVENTS = new TopicPartition("events", 0);
    private static final Uuid ID = new Uuid(3, 4);

    private final MetadataCache metadata = new MetadataCache();
    private SimulatedCluster cluster;
    private RecordingReplicas replicas;
    private ControllerOrders orders;
    private SimulatedLoop loop;
    private ClusterApis apis;

    @BeforeEach
    void prepare() throws IOException {
        cluster = new SimulatedCluster();
        cluster.start(9);
        loop = cluster.world.newLoop("cluster");
        replicas = new RecordingReplicas(cluster.world.newLoop("owner"));
        orders = new ControllerOrders(
                loop, "cluster", replicas, metadata, new TopicConfigReader(cluster.observer(), Map::of), () -> {});
        orders.termBegan(null, 40);
        apis = apis(ClusterPeers.by(Set.of("PLAINTEXT")));
    }

    private ClusterApis apis(ClusterPeers peers) {
        return new ClusterApis(peers, orders, cluster.brokers.get(9).controller, loop, 30_000);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @SuppressWarnings("unchecked")
    private static void handle(ClusterApis apis, ApiRequest request, TestContext context) {
        ((RequestHandler<ApiRequest>) apis.handler(ApiKey.of(context.header().apiKey()))).handle(request, context);
    }

    private static LeaderAndIsrRequest leads(int controllerEpoch) {
        LeaderAndIsrPartitionState state = new LeaderAndIsrPartitionState(
                "events", 0, 5, 1, 2, List.of(1, 2), 3, List.of(1, 2), List.of(), List.of(), true, (byte) 0);
        return new LeaderAndIsrRequest(
                2,
                false,
                controllerEpoch,
                40,
                (byte) 0,
                List.of(),
                List.of(new LeaderAndIsrTopicState("events", ID, List.of(state))),
                List.of());
    }

    @Test
    void whatIsOrderedOverAConnectionThatIsGoneIsNotDone() {
        TestContext context = new TestContext(ApiKey.LEADER_AND_ISR, 7);
        handle(apis, leads(5), context);
        context.leave();
        cluster.world.runUntilIdle();
        assertThat(replicas.served).isEmpty();
        assertThat(context.isCompleted()).isTrue();
    }

    @Test
    void aLeaderIsMadeAndAnsweredWithItsPartition() {
        TestContext context = new TestContext(ApiKey.LEADER_AND_ISR, 7);

        handle(apis, leads(5), context);
        cluster.world.runUntilIdle();

        LeaderAndIsrResponse response = context.response(LeaderAndIsrResponse.class);
        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(response.topics()).singleElement().satisfies(topic -> {
            assertThat(topic.topicId()).isEqualTo(ID);
            assertThat(topic.partitionErrors().get(0).errorCode()).isEqualTo(ErrorCode.NONE);
        });
        assertThat(replicas.served.get(EVENTS).isNew()).isTrue();
    }

    @Test
    void anEarlierControllerIsToldThatItIsOne() {
        handle(apis, leads(6), new TestContext(ApiKey.LEADER_AND_ISR, 7));
        TestContext context = new TestContext(ApiKey.LEADER_AND_ISR, 7);

        handle(apis, leads(5), context);
        cluster.world.runUntilIdle();

        assertThat(context.failure()).isEqualTo(ErrorCode.STALE_CONTROLLER_EPOCH);
    }

    @Test
    void whatTakesTooLongIsAnswered() {
        replicas.delayMs = 100_000;
        TestContext context = new TestContext(ApiKey.LEADER_AND_ISR, 7);

        handle(apis, leads(5), context);
        cluster.world.advanceMs(30_000);

        assertThat(context.failure()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
    }

    @Test
    void aReplicaIsDeleted() {
        handle(apis, leads(5), new TestContext(ApiKey.LEADER_AND_ISR, 7));
        TestContext context = new TestContext(ApiKey.STOP_REPLICA, 4);
        StopReplicaTopicState topic =
                new StopReplicaTopicState("events", List.of(new StopReplicaPartitionState(0, -2, true)));

        handle(apis, new StopReplicaRequest(2, false, 5, 40, false, List.of(), List.of(), List.of(topic)), context);
        cluster.world.runUntilIdle();

        assertThat(context.response(StopReplicaResponse.class).partitionErrors())
                .singleElement()
                .satisfies(partition -> assertThat(partition.errorCode()).isEqualTo(ErrorCode.NONE));
        assertThat(replicas.deleted).containsExactly(EVENTS);
    }

    private static UpdateMetadataRequest tells() {
        UpdateMetadataPartitionState state =
                new UpdateMetadataPartitionState("events", 0, 5, 1, 2, List.of(1), 3, List.of(1, 2), List.of(2));
        UpdateMetadataBroker broker = new UpdateMetadataBroker(
                1, "", -1, List.of(new UpdateMetadataEndpoint(9092, "one", "PLAINTEXT", (short) 0)), "rack");
        return new UpdateMetadataRequest(
                2,
                false,
                (byte) 0,
                5,
                40,
                List.of(),
                List.of(new UpdateMetadataTopicState("events", ID, List.of(state))),
                List.of(broker));
    }

    @Test
    void whatTheControllerTellsOfTheClusterIsKnown() {
        TestContext context = new TestContext(ApiKey.UPDATE_METADATA, 8);

        handle(apis, tells(), context);
        cluster.world.runUntilIdle();

        assertThat(context.response(UpdateMetadataResponse.class).errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(metadata.image().controllerId()).isEqualTo(2);
        assertThat(metadata.image().brokers().get(1).rack()).isEqualTo("rack");
        assertThat(metadata.image().topics().get("events").id()).isEqualTo(ID);
    }

    @Test
    void producerIdsAreGivenInBlocks() {
        TestContext first = new TestContext(ApiKey.ALLOCATE_PRODUCER_IDS, 0);
        TestContext second = new TestContext(ApiKey.ALLOCATE_PRODUCER_IDS, 0);

        handle(apis, new AllocateProducerIdsRequest(9, -1), first);
        cluster.world.runUntilIdle();
        handle(apis, new AllocateProducerIdsRequest(9, -1), second);
        cluster.world.runUntilIdle();

        assertThat(first.response(AllocateProducerIdsResponse.class))
                .isEqualTo(new AllocateProducerIdsResponse(ErrorCode.NONE, 0, 1_000));
        assertThat(second.response(AllocateProducerIdsResponse.class))
                .isEqualTo(new AllocateProducerIdsResponse(ErrorCode.NONE, 1_000, 1_000));
    }

    @Test
    void anEarlierLifeOfABrokerGetsNoProducerIds() {
        TestContext context = new TestContext(ApiKey.ALLOCATE_PRODUCER_IDS, 0);

        handle(apis, new AllocateProducerIdsRequest(9, 0), context);
        cluster.world.runUntilIdle();

        assertThat(context.failure()).isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
    }

    /** {@return the outcome of a proposal of the leader, broker 9} */
    private AlterPartitionResponse.PartitionData propose(
            int version, String topic, int partitionEpoch, Integer... isr) {
        Uuid id = cluster.brokers.get(9).image().topics().get("events").id();
        AlterPartitionRequest.PartitionData partition = new AlterPartitionRequest.PartitionData(
                0,
                0,
                List.of(isr),
                Stream.of(isr)
                        .map(broker -> new AlterPartitionRequest.BrokerState(broker, -1))
                        .toList(),
                (byte) 0,
                partitionEpoch);
        TestContext context = new TestContext(ApiKey.ALTER_PARTITION, version);
        handle(
                apis,
                new AlterPartitionRequest(
                        9, -1, List.of(new AlterPartitionRequest.TopicData(topic, id, List.of(partition)))),
                context);
        cluster.world.runUntilIdle();
        AlterPartitionResponse response = context.response(AlterPartitionResponse.class);
        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE);
        AlterPartitionResponse.TopicData answered = response.topics().get(0);
        assertThat(
                        version < 2
                                ? answered.topicName().equals(topic)
                                : answered.topicId().equals(id))
                .isTrue();
        return answered.partitions().get(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aLeaderIsToldWhoIsInSyncInTheWordsOfItsVersion(int version) {
        cluster.start(8);
        NewTopic events = new NewTopic("events", -1, (short) -1, new TreeMap<>(Map.of(0, List.of(9, 8))), Map.of());
        assertThat(cluster.value(cluster.brokers.get(9).controller.createTopics(List.of(events), false)))
                .singleElement()
                .satisfies(created -> assertThat(created.error()).isEqualTo(ErrorCode.NONE));

        AlterPartitionResponse.PartitionData changed = propose(version, "events", 0, 9);

        assertThat(changed.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(changed.isr()).containsExactly(9);
        assertThat(changed.partitionEpoch()).isEqualTo(1);
        assertThat(propose(version, "events", 0, 9, 8).errorCode()).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aBrokerThatIsAboutToStopIsToldWhatItLeadsStill(int version) {
        TestContext context = new TestContext(ApiKey.CONTROLLED_SHUTDOWN, version);

        handle(apis, new ControlledShutdownRequest(9, -1), context);
        cluster.world.runUntilIdle();

        ControlledShutdownResponse response = context.response(ControlledShutdownResponse.class);
        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(response.remainingPartitions()).isEmpty();
    }

    @Test
    void aBrokerThatIsNotThereCannotBeAboutToStop() {
        TestContext context = new TestContext(ApiKey.CONTROLLED_SHUTDOWN, 3);

        handle(apis, new ControlledShutdownRequest(7, -1), context);
        cluster.world.runUntilIdle();

        assertThat(context.failure()).isEqualTo(ErrorCode.BROKER_NOT_AVAILABLE);
    }

    @Test
    void whoComesByAClientsListenerIsNoBroker() {
        ClusterApis internal = apis(ClusterPeers.by(Set.of("INTERNAL")));
        TestContext context = new TestContext(ApiKey.UPDATE_METADATA, 8);

        handle(internal, tells(), context);
        cluster.world.runUntilIdle();

        assertThat(context.failure()).isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        assertThat(metadata.image().topics()).isEmpty();
    }

    @Test
    void aBrokerAloneTakesOrdersFromNobody() {
        TestContext context = new TestContext(ApiKey.LEADER_AND_ISR, 7);

        handle(apis(ClusterPeers.NOBODY), leads(5), context);
        cluster.world.runUntilIdle();

        assertThat(context.failure()).isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        assertThat(replicas.served).isEmpty();
    }
}
