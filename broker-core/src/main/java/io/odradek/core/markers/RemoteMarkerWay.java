package io.odradek.core.markers;

import io.odradek.core.brokers.BrokerLine;
import io.odradek.core.transport.BrokerAnswer;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.WriteTxnMarkersResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The way of markers to another broker: one request at a time, with all that has gathered meanwhile. What is not answered is told
 * so, and whoever wants it written sends it again. Lives on its loop.
 */
final class RemoteMarkerWay implements MarkerWay {
    private static final int MOST_AT_ONCE = 2_000;

    private final BrokerLine line;
    private final Deque<MarkerItem> waiting = new ArrayDeque<>();
    private boolean underWay;

    RemoteMarkerWay(BrokerLine line) {
        this.line = line;
    }

    @Override
    public void write(TopicPartition id, TransactionMarker marker, BooleanSupplier unwanted, Consumer<ErrorCode> done) {
        line.loop().post(() -> {
            waiting.add(new MarkerItem(id, marker, unwanted, done));
            send();
        });
    }

    private void send() {
        if (underWay) {
            return;
        }
        List<MarkerItem> items = next();
        if (items.isEmpty()) {
            return;
        }
        underWay = true;
        line.send(ApiKey.WRITE_TXN_MARKERS, MarkersWire.version(items), MarkersWire.request(items))
                .whenComplete((answer, failure) -> {
                    underWay = false;
                    try {
                        take(items, answer);
                    } finally {
                        send();
                    }
                });
    }

    /** @param answer null if there was none */
    private static void take(List<MarkerItem> items, BrokerAnswer answer) {
        if (answer == null) {
            items.forEach(item -> item.done().accept(ErrorCode.NETWORK_EXCEPTION));
            return;
        }
        try (answer) {
            MarkersWire.tell(items, (WriteTxnMarkersResponse) answer.response());
        }
    }

    /** {@return what goes into one request: of each producer one marker, as the answer names them by producer} */
    private List<MarkerItem> next() {
        List<MarkerItem> items = new ArrayList<>();
        TreeMap<Long, TransactionMarker> byProducer = new TreeMap<>();
        while (!waiting.isEmpty() && items.size() < MOST_AT_ONCE) {
            MarkerItem first = waiting.peekFirst();
            if (!first.unwanted().getAsBoolean()) {
                TransactionMarker before = byProducer.putIfAbsent(first.marker().producerId(), first.marker());
                if (before != null && !before.equals(first.marker())) {
                    return items;
                }
                items.add(first);
            }
            waiting.removeFirst();
        }
        return items;
    }
}
