package io.odradek.core.markers;

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

/** Markers for another broker as WriteTxnMarkers says them, in the version that both 3.9 and 4 know. */
final class MarkersWire {
    static final int VERSION = 1;

    private MarkersWire() {}

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
                (byte) 0);
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
