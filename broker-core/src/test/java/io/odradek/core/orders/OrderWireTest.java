package io.odradek.core.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.controller.BrokerOrders.StoppedReplica;
import io.odradek.core.controller.LiveBroker;
import io.odradek.core.controller.MetadataUpdate;
import io.odradek.core.controller.MetadataUpdate.TopicUpdate;
import io.odradek.core.coordination.node.BrokerNode;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.partition.LocalReplicas.Move;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.core.partition.LocalReplicas.ReplicaStop;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.LeaderAndIsrRequest;
import io.odradek.protocol.api.LeaderAndIsrRequest.LeaderAndIsrLiveLeader;
import io.odradek.protocol.api.LeaderAndIsrRequest.LeaderAndIsrPartitionState;
import io.odradek.protocol.api.LeaderAndIsrResponse;
import io.odradek.protocol.api.StopReplicaRequest;
import io.odradek.protocol.api.StopReplicaRequest.StopReplicaTopicV1;
import io.odradek.protocol.api.StopReplicaResponse;
import io.odradek.protocol.api.UpdateMetadataRequest;
import io.odradek.protocol.api.UpdateMetadataRequest.UpdateMetadataBroker;
import io.odradek.protocol.api.UpdateMetadataRequest.UpdateMetadataEndpoint;
import io.odradek.protocol.api.UpdateMetadataRequest.UpdateMetadataPartitionState;
import io.odradek.protocol.wire.Uuid;
import io.odradek.protocol.wire.WireReader;
import io.odradek.protocol.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is ordered arrives as it was ordered, and what is answered as it was answered. */
class OrderWireTest {
    private static final Authority AUTHORITY = new Authority(3, 8, 1_000_000_007L);
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    private final Random random = new Random(SEED);

    private static <R extends ApiRequest> R overTheWire(ApiKey api, int version, R request, Class<R> type) {
        WireWriter out = WireWriter.heap(64);
        ApiCodecs.writeRequest(request, (short) version, out);
        return type.cast(ApiCodecs.readRequest(api, (short) version, new WireReader(out.finishUnframed())));
    }

    private static <R extends ApiResponse> R back(ApiKey api, int version, R response, Class<R> type) {
        WireWriter out = WireWriter.heap(64);
        ApiCodecs.writeResponse(response, (short) version, out);
        return type.cast(ApiCodecs.readResponse(api, (short) version, new WireReader(out.finishUnframed())));
    }

    private List<Integer> brokers() {
        List<Integer> brokers = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            brokers.add(random.nextInt(10));
        }
        return brokers;
    }

    private List<PartitionState> states() {
        List<PartitionState> states = new ArrayList<>();
        for (int topic = random.nextInt(4); topic >= 0; topic--) {
            Uuid id = new Uuid(random.nextLong(), topic);
            for (int partition = random.nextInt(5); partition >= 0; partition--) {
                states.add(new PartitionState(
                        new TopicPartition("topic-" + topic, partition),
                        id,
                        random.nextInt(5) - 1,
                        random.nextInt(100),
                        brokers(),
                        random.nextInt(100),
                        brokers(),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        random.nextBoolean() ? new Move(brokers(), brokers()) : null));
            }
        }
        return states;
    }

    @Test
    void leadersAndFollowersArriveAsTheyWereOrdered() {
        System.out.println("seed " + SEED);
        for (int run = 0; run < 200; run++) {
            List<PartitionState> states = states();

            LeaderAndIsrRequest request = overTheWire(
                    ApiKey.LEADER_AND_ISR,
                    LeaderAndIsrWire.VERSION,
                    LeaderAndIsrWire.request(AUTHORITY, states, List.of(new LeaderAndIsrLiveLeader(2, "two", 9092))),
                    LeaderAndIsrRequest.class);

            assertThat(LeaderAndIsrWire.authority(request)).isEqualTo(AUTHORITY);
            assertThat(LeaderAndIsrWire.states(request, LeaderAndIsrWire.VERSION))
                    .isEqualTo(states);
        }
    }

    @Test
    void whatCannotBeServedComesBack() {
        List<PartitionState> states = states();
        List<TopicPartition> unserved = new ArrayList<>();
        states.forEach(state -> {
            if (state.id().partition() % 2 == 0) {
                unserved.add(state.id());
            }
        });

        LeaderAndIsrResponse response = back(
                ApiKey.LEADER_AND_ISR, 7, LeaderAndIsrWire.response(states, unserved, 7), LeaderAndIsrResponse.class);

        assertThat(LeaderAndIsrWire.unserved(states, response)).containsExactlyInAnyOrderElementsOf(unserved);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void oldVersionsNameEachPartitionsTopic(int version) {
        LeaderAndIsrPartitionState state = new LeaderAndIsrPartitionState(
                "events", 2, 8, 1, 5, List.of(1), 9, List.of(1, 2), List.of(), List.of(), version > 0, (byte) 0);
        LeaderAndIsrRequest request = overTheWire(
                ApiKey.LEADER_AND_ISR,
                version,
                new LeaderAndIsrRequest(3, false, 8, -1, (byte) 0, List.of(state), List.of(), List.of()),
                LeaderAndIsrRequest.class);

        TopicPartition id = new TopicPartition("events", 2);
        List<PartitionState> states = LeaderAndIsrWire.states(request, version);
        assertThat(states)
                .containsExactly(new PartitionState(id, Uuid.ZERO, 1, 5, List.of(1), 9, List.of(1, 2), version > 0));
        LeaderAndIsrResponse response = back(
                ApiKey.LEADER_AND_ISR,
                version,
                LeaderAndIsrWire.response(states, List.of(id), version),
                LeaderAndIsrResponse.class);
        assertThat(response.partitionErrors()).singleElement().satisfies(partition -> {
            assertThat(partition.topicName()).isEqualTo("events");
            assertThat(partition.partitionIndex()).isEqualTo(2);
        });
    }

    @Test
    void replicasThatStopArriveAsTheyWereOrdered() {
        List<StoppedReplica> replicas = List.of(
                new StoppedReplica(new TopicPartition("a", 0), 4, false),
                new StoppedReplica(new TopicPartition("a", 3), -2, true),
                new StoppedReplica(new TopicPartition("b", 0), -2, true));

        StopReplicaRequest request = overTheWire(
                ApiKey.STOP_REPLICA,
                StopReplicaWire.VERSION,
                StopReplicaWire.request(AUTHORITY, replicas),
                StopReplicaRequest.class);

        assertThat(StopReplicaWire.authority(request)).isEqualTo(AUTHORITY);
        List<ReplicaStop> stops = StopReplicaWire.stops(request, StopReplicaWire.VERSION);
        assertThat(stops)
                .containsExactly(
                        new ReplicaStop(new TopicPartition("a", 0), 4, false),
                        new ReplicaStop(new TopicPartition("a", 3), -2, true),
                        new ReplicaStop(new TopicPartition("b", 0), -2, true));
        List<TopicPartition> left = List.of(new TopicPartition("a", 3));
        StopReplicaResponse response =
                back(ApiKey.STOP_REPLICA, 4, StopReplicaWire.response(stops, left), StopReplicaResponse.class);
        assertThat(StopReplicaWire.left(response)).isEqualTo(left);
    }

    @Test
    void oldVersionsStopOrDeleteAllOrNothingWhateverTheEpoch() {
        StopReplicaRequest request = overTheWire(
                ApiKey.STOP_REPLICA,
                2,
                new StopReplicaRequest(
                        3,
                        false,
                        8,
                        5,
                        true,
                        List.of(),
                        List.of(new StopReplicaTopicV1("a", List.of(0, 1))),
                        List.of()),
                StopReplicaRequest.class);

        assertThat(StopReplicaWire.stops(request, 2))
                .containsExactly(
                        new ReplicaStop(new TopicPartition("a", 0), -1, true),
                        new ReplicaStop(new TopicPartition("a", 1), -1, true));
    }

    private static SortedMap<Integer, LiveBroker> live() {
        SortedMap<Integer, LiveBroker> live = new TreeMap<>();
        live.put(0, Samples.broker(0, -1));
        live.put(4, Samples.broker(4, -1));
        live.put(
                9,
                new LiveBroker(
                        new BrokerNode(
                                new TreeMap<>(Map.of("PLAINTEXT", new Endpoint("::1", 1))),
                                new TreeMap<>(Map.of("PLAINTEXT", "PLAINTEXT")),
                                null,
                                -1),
                        -1));
        return live;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsToldOfTheClusterArrivesAsItWasTold(boolean whole) {
        System.out.println("seed " + SEED);
        for (int run = 0; run < 200; run++) {
            List<TopicUpdate> topics = new ArrayList<>();
            for (int topic = random.nextInt(4); topic >= 0; topic--) {
                SortedMap<Integer, PartitionInfo> partitions = new TreeMap<>();
                for (int partition = random.nextInt(5); partition >= 0; partition--) {
                    List<Integer> failed = random.nextBoolean() ? List.of(4) : List.of();
                    partitions.put(
                            partition,
                            new PartitionInfo(
                                    random.nextInt(5) - 1, random.nextInt(9), List.of(4, 5, 0), brokers(), failed));
                }
                topics.add(new TopicUpdate("topic-" + topic, new Uuid(random.nextLong(), topic), partitions));
            }
            List<TopicPartition> deleted = List.of(new TopicPartition("gone", 0), new TopicPartition("gone", 1));
            MetadataUpdate update = new MetadataUpdate(live(), topics, deleted, whole);

            UpdateMetadataRequest request = overTheWire(
                    ApiKey.UPDATE_METADATA,
                    UpdateMetadataWire.VERSION,
                    UpdateMetadataWire.request(AUTHORITY, update),
                    UpdateMetadataRequest.class);

            assertThat(UpdateMetadataWire.authority(request)).isEqualTo(AUTHORITY);
            assertThat(UpdateMetadataWire.update(request, UpdateMetadataWire.VERSION))
                    .isEqualTo(update);
        }
    }

    @Test
    void ofATopicDeletedAndMadeAgainTheNewOneIsTold() {
        TopicUpdate again = new TopicUpdate(
                "events", Samples.TOPIC_ID, new TreeMap<>(Map.of(0, new PartitionInfo(4, 0, List.of(4), List.of(4)))));
        MetadataUpdate update = new MetadataUpdate(
                live(), List.of(again), List.of(new TopicPartition("events", 0), new TopicPartition("events", 1)));

        MetadataUpdate arrived =
                UpdateMetadataWire.update(UpdateMetadataWire.request(AUTHORITY, update), UpdateMetadataWire.VERSION);

        assertThat(arrived.topics()).containsExactly(again);
        assertThat(arrived.deleted()).containsExactly(new TopicPartition("events", 1));
    }

    @Test
    void theOldestVersionNamesOneEndpointOfEachBrokerAndNoTopicIds() {
        UpdateMetadataPartitionState state =
                new UpdateMetadataPartitionState("events", 1, 8, 2, 3, List.of(2), 0, List.of(2, 3), List.of());
        UpdateMetadataBroker broker = new UpdateMetadataBroker(2, "two", 9092, List.of(), null);
        UpdateMetadataRequest request = overTheWire(
                ApiKey.UPDATE_METADATA,
                0,
                new UpdateMetadataRequest(3, false, (byte) 0, 8, -1, List.of(state), List.of(), List.of(broker)),
                UpdateMetadataRequest.class);

        MetadataUpdate update = UpdateMetadataWire.update(request, 0);

        assertThat(update.brokers().get(2).node().endpoints())
                .containsExactly(Map.entry("PLAINTEXT", new Endpoint("two", 9092)));
        assertThat(update.topics())
                .containsExactly(new TopicUpdate(
                        "events",
                        Uuid.ZERO,
                        new TreeMap<>(Map.of(1, new PartitionInfo(2, 3, List.of(2, 3), List.of(2))))));
    }

    @Test
    void versionsWithoutListenersNameThemAfterTheirProtocols() {
        UpdateMetadataBroker broker = new UpdateMetadataBroker(
                2, "", -1, List.of(new UpdateMetadataEndpoint(443, "two", "", (short) 1)), "rack");
        UpdateMetadataRequest request = overTheWire(
                ApiKey.UPDATE_METADATA,
                2,
                new UpdateMetadataRequest(3, false, (byte) 0, 8, -1, List.of(), List.of(), List.of(broker)),
                UpdateMetadataRequest.class);

        BrokerNode node = UpdateMetadataWire.update(request, 2).brokers().get(2).node();

        assertThat(node.endpoints()).containsExactly(Map.entry("SSL", new Endpoint("two", 443)));
        assertThat(node.rack()).isEqualTo("rack");
    }
}
