package io.odradek.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.InProcessCoordinationStore;
import io.odradek.core.coordination.InProcessHome;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.protocol.api.AddPartitionsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.odradek.protocol.api.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsPartition;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsTopic;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import io.odradek.protocol.api.WriteTxnMarkersRequest;
import io.odradek.protocol.api.WriteTxnMarkersRequest.WritableTxnMarker;
import io.odradek.protocol.api.WriteTxnMarkersRequest.WritableTxnMarkerTopic;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Large requests wait for their turn in the background, where the test says what is done. */
class BrokersLaneTest {
    private static final int FOLLOWER = 2;
    private static final int CONSUMER = -1;
    private static final String LONG_NAME = "no-topic-".repeat(20);

    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private final SimulatedLoop client = world.newLoop("client");
    private SimulatedBroker broker;
    private Deque<Runnable> background;

    @BeforeEach
    void aBrokerOfACluster() throws IOException {
        FaultingFileSystem ensemble = new FaultingFileSystem(2);
        Path folder = Path.of("/tree");
        ensemble.createFolders(folder);
        InProcessCoordinationStore tree = InProcessCoordinationStore.open(
                world.newLoop("tree"), Runnable::run, ensemble, folder, JournalSettings.EMBEDDED);
        disk.useClock(world.clock());
        Map<String, String> settings = Map.of(
                "broker.id", "1",
                "log.dirs", "/disk",
                "listeners", "PLAINTEXT://127.0.0.1:9092",
                "log.cleaner.dedupe.buffer.size", "1048576",
                "log.cleaner.io.buffer.size", "32768",
                "odradek.request.inline.max.bytes", "100");
        broker = new SimulatedBroker("broker-1", world, disk, settings, InProcessHome.sharing(tree));
        broker.start();
        world.runUntil(broker::isServing, 60_000);
        background = broker.holdBackground();
    }

    @AfterEach
    void stop() {
        broker.kill();
    }

    private AtomicReference<ApiResponse> send(ApiKey api, int version, ApiRequest request) {
        AtomicReference<ApiResponse> answer = new AtomicReference<>();
        client.post(() -> broker.send(client, api, version, request, answer::set));
        world.advanceMs(100);
        return answer;
    }

    private AtomicReference<ApiResponse> sendAsAClient() {
        List<MetadataRequestTopic> topics = List.of(new MetadataRequestTopic(Uuid.ZERO, LONG_NAME));
        return send(ApiKey.METADATA, 12, new MetadataRequest(topics, false, false, false));
    }

    static Stream<Arguments> ofBrokers() {
        return Stream.of(
                Arguments.of(ApiKey.WRITE_TXN_MARKERS, 1, markers()),
                Arguments.of(ApiKey.ADD_PARTITIONS_TO_TXN, 5, questions()),
                Arguments.of(ApiKey.LIST_OFFSETS, 7, offsets(FOLLOWER)),
                Arguments.of(ApiKey.OFFSET_FOR_LEADER_EPOCH, 4, epochs(FOLLOWER)));
    }

    static Stream<Arguments> ofClients() {
        return Stream.of(
                Arguments.of(ApiKey.ADD_PARTITIONS_TO_TXN, 3, partitions()),
                Arguments.of(ApiKey.LIST_OFFSETS, 7, offsets(CONSUMER)),
                Arguments.of(ApiKey.OFFSET_FOR_LEADER_EPOCH, 4, epochs(CONSUMER)));
    }

    @ParameterizedTest
    @MethodSource("ofBrokers")
    void whatABrokerAsksDoesNotWaitForWhatClientsAsk(ApiKey api, int version, ApiRequest request) {
        AtomicReference<ApiResponse> ofClient = sendAsAClient();
        AtomicReference<ApiResponse> ofBroker = send(api, version, request);
        assertThat(background).as("two lanes").hasSize(2);

        background.removeLast().run();
        world.advanceMs(100);
        assertThat(ofBroker.get()).isNotNull();
        assertThat(ofClient.get()).isNull();
    }

    @ParameterizedTest
    @MethodSource("ofClients")
    void whatClientsAskIsServedOneAtATime(ApiKey api, int version, ApiRequest request) {
        AtomicReference<ApiResponse> first = sendAsAClient();
        AtomicReference<ApiResponse> second = send(api, version, request);
        assertThat(background).as("one lane").hasSize(1);

        while (!background.isEmpty()) {
            background.remove().run();
        }
        world.advanceMs(100);
        assertThat(first.get()).isNotNull();
        assertThat(second.get()).isNotNull();
    }

    private static WriteTxnMarkersRequest markers() {
        List<WritableTxnMarkerTopic> topics = List.of(new WritableTxnMarkerTopic(LONG_NAME, List.of(0)));
        return new WriteTxnMarkersRequest(List.of(new WritableTxnMarker(7, (short) 0, true, topics, 0, (byte) 0)));
    }

    private static List<AddPartitionsToTxnTopic> topicsOfTransaction() {
        return List.of(new AddPartitionsToTxnTopic(LONG_NAME, List.of(0)));
    }

    private static AddPartitionsToTxnRequest questions() {
        List<AddPartitionsToTxnTransaction> transactions =
                List.of(new AddPartitionsToTxnTransaction("id", 7, (short) 0, true, topicsOfTransaction()));
        return new AddPartitionsToTxnRequest(transactions, "", 0, (short) 0, List.of());
    }

    private static AddPartitionsToTxnRequest partitions() {
        return new AddPartitionsToTxnRequest(List.of(), "id", 7, (short) 0, topicsOfTransaction());
    }

    private static ListOffsetsRequest offsets(int replicaId) {
        List<ListOffsetsPartition> partitions = List.of(new ListOffsetsPartition(0, -1, -1, 1));
        return new ListOffsetsRequest(replicaId, (byte) 0, List.of(new ListOffsetsTopic(LONG_NAME, partitions)));
    }

    private static OffsetForLeaderEpochRequest epochs(int replicaId) {
        List<OffsetForLeaderPartition> partitions = List.of(new OffsetForLeaderPartition(0, -1, 0));
        return new OffsetForLeaderEpochRequest(replicaId, List.of(new OffsetForLeaderTopic(LONG_NAME, partitions)));
    }
}
