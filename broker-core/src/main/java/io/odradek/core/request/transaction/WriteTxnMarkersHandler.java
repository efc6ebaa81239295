package io.odradek.core.request.transaction;

import io.odradek.core.coordinator.transaction.Transaction;
import io.odradek.core.markers.MarkerWriter;
import io.odradek.core.markers.TransactionMarker;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
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
import java.util.List;

/**
 * WriteTxnMarkers, versions 0 to 2: writes the ends of transactions to the partitions that this broker leads. A coordinator asks for
 * it, or an operator who aborts a transaction that has no coordinator any more (KIP-664). Answered when all markers are on all
 * in-sync replicas, or cannot be.
 *
 * <p>Errors, of each partition: those of {@link MarkerWriter.Order#ended}. The client's leaving in the meantime ends what has not been
 * written yet.
 *
 * <p>Versions: 0 is KIP-98; 1 is flexible (KIP-482); 2 has the version of the transaction (KIP-1228): with transactions v2 a
 * marker is refused, INVALID_PRODUCER_EPOCH, that would end a transaction of its own epoch, as it comes late.
 */
public final class WriteTxnMarkersHandler implements RequestHandler<WriteTxnMarkersRequest> {
    private final MarkerWriter writer;

    /** @param writer writes markers to this broker's partitions */
    public WriteTxnMarkersHandler(MarkerWriter writer) {
        this.writer = writer;
    }

    /** One marker for one partition. */
    private record Item(TransactionMarker marker, TopicPartition id) {}

    @Override
    public void handle(WriteTxnMarkersRequest request, RequestContext context) {
        List<Item> items = new ArrayList<>();
        for (WritableTxnMarker marker : request.markers()) {
            ControlRecord record = new ControlRecord(
                    marker.transactionResult() ? ControlRecord.Type.COMMIT : ControlRecord.Type.ABORT,
                    marker.coordinatorEpoch());
            TransactionMarker written = new TransactionMarker(
                    marker.producerId(),
                    marker.producerEpoch(),
                    record,
                    marker.transactionVersion() >= Transaction.EPOCH_EACH);
            for (WritableTxnMarkerTopic topic : marker.topics()) {
                topic.partitionIndexes()
                        .forEach(index -> items.add(new Item(written, new TopicPartition(topic.name(), index))));
            }
        }
        Gathered<ErrorCode> errors = new Gathered<>(items.size(), all -> context.respond(response(request, all)));
        context.workBegins(items.size());
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            writer.write(item.id(), item.marker(), new Ordered(context, errors, i));
        }
    }

    /** A marker that a request asks for: the request is in work while it stands in a queue, and waits while replicas copy it. */
    private record Ordered(RequestContext context, Gathered<ErrorCode> errors, int index)
            implements MarkerWriter.Order {
        @Override
        public boolean isUnwanted() {
            return context.isGone();
        }

        @Override
        public void served() {
            context.workEnds();
        }

        @Override
        public void ended(ErrorCode outcome) {
            errors.put(index, outcome);
        }
    }

    /** {@return the errors in the order in which the request names their partitions} */
    private static WriteTxnMarkersResponse response(WriteTxnMarkersRequest request, List<ErrorCode> errors) {
        List<WritableTxnMarkerResult> markers =
                new ArrayList<>(request.markers().size());
        int next = 0;
        for (WritableTxnMarker marker : request.markers()) {
            List<WritableTxnMarkerTopicResult> topics =
                    new ArrayList<>(marker.topics().size());
            for (WritableTxnMarkerTopic topic : marker.topics()) {
                List<WritableTxnMarkerPartitionResult> partitions = new ArrayList<>();
                for (int index : topic.partitionIndexes()) {
                    partitions.add(new WritableTxnMarkerPartitionResult(index, errors.get(next)));
                    next++;
                }
                topics.add(new WritableTxnMarkerTopicResult(topic.name(), partitions));
            }
            markers.add(new WritableTxnMarkerResult(marker.producerId(), topics));
        }
        return new WriteTxnMarkersResponse(markers);
    }
}
