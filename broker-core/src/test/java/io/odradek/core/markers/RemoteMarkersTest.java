package io.odradek.core.markers;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.brokers.BrokerLines;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.orders.ScriptedClient;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.WriteTxnMarkersRequest;
import io.odradek.protocol.api.WriteTxnMarkersRequest.WritableTxnMarker;
import io.odradek.protocol.api.WriteTxnMarkersRequest.WritableTxnMarkerTopic;
import io.odradek.protocol.api.WriteTxnMarkersResponse;
import io.odradek.protocol.api.WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult;
import io.odradek.protocol.api.WriteTxnMarkersResponse.WritableTxnMarkerResult;
import io.odradek.protocol.api.WriteTxnMarkersResponse.WritableTxnMarkerTopicResult;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Markers for other brokers: what has gathered goes in one request, and each is told what became of it. */
class RemoteMarkersTest {
    private static final int TIMEOUT_MS = 30_000;

    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final ScriptedClient client = new ScriptedClient();
    private final TreeMap<Integer, BrokerInfo> brokers = new TreeMap<>();
    private final List<String> told = new ArrayList<>();
    private final RemoteMarkers markers = new RemoteMarkers(BrokerLines.of(
            client,
            () -> new MetadataImage("cluster", 1, new TreeMap<>(brokers), new TreeMap<>(), Map.of()),
            new BrokerLines.Listener("INTERNAL", "broker-1-txn-marker-sender", TIMEOUT_MS),
            world.newLoop("cluster"),
            world.clock()));
    private boolean unwanted;

    RemoteMarkersTest() {
        broker("two", 9092);
    }

    private void broker(String host, int port) {
        brokers.put(2, new BrokerInfo(2, null, new TreeMap<>(Map.of("INTERNAL", new Endpoint(host, port)))));
    }

    private void write(long producerId, int epoch, boolean commit, String topic, int partition) {
        ControlRecord.Type type = commit ? ControlRecord.Type.COMMIT : ControlRecord.Type.ABORT;
        write(new TransactionMarker(producerId, (short) epoch, new ControlRecord(type, 5), false), topic, partition);
    }

    private void write(TransactionMarker marker, String topic, int partition) {
        long producerId = marker.producerId();
        String what = producerId + ":" + topic + "-" + partition + " ";
        markers.way(2)
                .write(new TopicPartition(topic, partition), marker, () -> unwanted, error -> told.add(what + error));
        world.runUntilIdle();
    }

    private static WritableTxnMarkerResult result(long producerId, String topic, int partition, ErrorCode error) {
        return new WritableTxnMarkerResult(
                producerId,
                List.of(new WritableTxnMarkerTopicResult(
                        topic, List.of(new WritableTxnMarkerPartitionResult(partition, error)))));
    }

    private void answer(WritableTxnMarkerResult... results) {
        client.answer(new WriteTxnMarkersResponse(List.of(results)));
        world.runUntilIdle();
    }

    private static WritableTxnMarker marker(long producerId, boolean commit, WritableTxnMarkerTopic... topics) {
        return new WritableTxnMarker(producerId, (short) 3, commit, List.of(topics), 5, (byte) 0);
    }

    @Test
    void whatGathersWhileARequestIsUnderWayGoesInTheNext() {
        write(7, 3, true, "t", 0);
        write(7, 3, true, "t", 1);
        write(8, 3, false, "t", 0);
        write(7, 3, true, "u", 0);
        assertThat(client.next(WriteTxnMarkersRequest.class).markers())
                .containsExactly(marker(7, true, new WritableTxnMarkerTopic("t", List.of(0))));

        answer(result(7, "t", 0, ErrorCode.NONE));

        assertThat(told).containsExactly("7:t-0 NONE");
        assertThat(client.next(WriteTxnMarkersRequest.class).markers())
                .containsExactly(
                        marker(
                                7,
                                true,
                                new WritableTxnMarkerTopic("t", List.of(1)),
                                new WritableTxnMarkerTopic("u", List.of(0))),
                        marker(8, false, new WritableTxnMarkerTopic("t", List.of(0))));
        answer(
                result(8, "t", 0, ErrorCode.NOT_LEADER_OR_FOLLOWER),
                result(7, "u", 0, ErrorCode.NONE),
                result(7, "t", 1, ErrorCode.NONE));
        assertThat(told).containsExactly("7:t-0 NONE", "7:t-1 NONE", "8:t-0 NOT_LEADER_OR_FOLLOWER", "7:u-0 NONE");
        assertThat(client.connections).containsExactly("two:9092 for broker-1-txn-marker-sender");
    }

    @Test
    void twoTransactionsOfOneProducerAreNeverInOneRequest() {
        write(9, 3, true, "t", 0);
        write(7, 3, true, "t", 0);
        write(7, 4, false, "t", 0);
        answer(result(9, "t", 0, ErrorCode.NONE));
        assertThat(client.next(WriteTxnMarkersRequest.class).markers()).hasSize(1);
        answer(result(7, "t", 0, ErrorCode.NONE));
        answer(result(7, "t", 0, ErrorCode.TRANSACTION_COORDINATOR_FENCED));
        assertThat(told).containsExactly("9:t-0 NONE", "7:t-0 NONE", "7:t-0 TRANSACTION_COORDINATOR_FENCED");
    }

    @Test
    void onlyMarkersOfTransactionsV2NeedTheVersionThatKnowsThem() {
        write(7, 3, true, "t", 0);
        assertThat(client.sent.get(0).version()).isEqualTo(1);
        answer(result(7, "t", 0, ErrorCode.NONE));
        write(new TransactionMarker(7, (short) 3, new ControlRecord(ControlRecord.Type.COMMIT, 5), true), "t", 0);
        assertThat(client.sent.get(0).version()).isEqualTo(2);
        assertThat(client.next(WriteTxnMarkersRequest.class).markers().get(0).transactionVersion())
                .isEqualTo((byte) 2);
    }

    @Test
    void whoIsNotAnsweredIsToldSo() {
        write(7, 3, true, "t", 0);
        client.lose();
        world.runUntilIdle();
        write(7, 3, true, "t", 1);
        answer();
        brokers.clear();
        write(7, 3, true, "t", 2);
        assertThat(told)
                .containsExactly("7:t-0 NETWORK_EXCEPTION", "7:t-1 UNKNOWN_SERVER_ERROR", "7:t-2 NETWORK_EXCEPTION");
    }

    @Test
    void whatIsNotWantedAnyMoreIsNotSent() {
        write(7, 3, true, "t", 0);
        write(8, 3, true, "t", 0);
        unwanted = true;
        answer(result(7, "t", 0, ErrorCode.NONE));
        assertThat(client.sent).isEmpty();
    }

    @Test
    void aBrokerThatHasMovedIsFoundAgain() {
        write(7, 3, true, "t", 0);
        answer(result(7, "t", 0, ErrorCode.NONE));
        broker("elsewhere", 9093);
        write(7, 3, true, "t", 1);
        assertThat(client.connections).last().isEqualTo("elsewhere:9093 for broker-1-txn-marker-sender");
        assertThat(client.closed).isTrue();
    }
}
