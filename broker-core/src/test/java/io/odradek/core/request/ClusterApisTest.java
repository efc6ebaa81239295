package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.dynamic.TopicConfigReader;
import io.odradek.core.controller.RecordingReplicas;
import io.odradek.core.controller.SimulatedCluster;
import io.odradek.core.metadata.MetadataCache;
import io.odradek.core.orders.ControllerOrders;
import io.odradek.core.request.cluster.ClusterApis;
import io.odradek.core.request.cluster.ClusterPeers;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
                loop, "cluster", replicas, metadata, new TopicConfigReader(cluster.observer(), Map.of()));
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
