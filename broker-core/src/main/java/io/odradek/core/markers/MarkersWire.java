package io.odradek.core.markers;

import io.odradek.core.coordinator.transaction.Transaction;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Markers for another broker as WriteTxnMarkers says them: in the version that both 3.9 and 4 know, unless some are of transactions
 * v2, which 3.9 does not know either.
 */
final class MarkersWire {
    private static final int BEFORE_EPOCHS = 1;
    private static final int WITH_EPOCHS = 2;
    private static final byte NO_VERSION = 0;

    private MarkersWire() {}

    /** {@return the version of a request for markers} */
    static int version(List<MarkerItem> items) {
        for (MarkerItem item : items) {
            if (item.marker().raisesEpoch()) {
                return WITH_EPOCHS;
            }
        }
        return BEFORE_EPOCHS;
    }

    /** {@return a request for markers of different producers} */
    static WriteTxnMarkersRequest request(List<MarkerItem> items) {
        Map<TransactionMarker, SortedMap<String, List<Integer>>> byMarker = new LinkedHashMap<>();
        for (MarkerItem item : items) {
            byMarker.computeIfAbsent(item.marker(), marker -> new TreeMap<>())
                    .computeIfAbsent(item.id().topic(), topic -> new ArrayList<>())
                    .add(item.id().partition());
        }
        List<WritableTxnMarker> markers = new ArrayList<>(byMarker.size());
        byMarker.forEach((marker, topics) -> markers.add(marker(marker, topics)));
        return new WriteTxnMarkersRequest(markers);
    }

    private static WritableTxnMarker marker(TransactionMarker marker, SortedMap<String, List<Integer>> topics) {
        List<WritableTxnMarkerTopic> named = new ArrayList<>(topics.size());
        topics.forEach((topic, indexes) -> named.add(new WritableTxnMarkerTopic(topic, indexes)));
        return new WritableTxnMarker(
                marker.producerId(),
                marker.producerEpoch(),
                marker.record().type() == ControlRecord.Type.COMMIT,
                named,
                marker.record().coordinatorEpoch(),
                marker.raisesEpoch() ? (byte) Transaction.EPOCH_EACH : NO_VERSION);
    }

    /** Tells each what was answered; UNKNOWN_SERVER_ERROR to whom nothing was. */
    static void tell(List<MarkerItem> items, WriteTxnMarkersResponse response) {
        Map<Long, Map<TopicPartition, ErrorCode>> errors = new TreeMap<>();
        for (WritableTxnMarkerResult marker : response.markers()) {
            Map<TopicPartition, ErrorCode> ofProducer =
                    errors.computeIfAbsent(marker.producerId(), id -> new TreeMap<>());
            for (WritableTxnMarkerTopicResult topic : marker.topics()) {
                for (WritableTxnMarkerPartitionResult partition : topic.partitions()) {
                    ofProducer.put(new TopicPartition(topic.name(), partition.partitionIndex()), partition.errorCode());
                }
            }
        }
        for (MarkerItem item : items) {
            item.done()
                    .accept(errors.getOrDefault(item.marker().producerId(), Map.of())
                            .getOrDefault(item.id(), ErrorCode.UNKNOWN_SERVER_ERROR));
        }
    }
}
