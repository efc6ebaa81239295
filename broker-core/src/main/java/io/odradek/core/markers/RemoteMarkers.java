package io.odradek.core.markers;

import io.odradek.core.brokers.BrokerLines;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The ways of markers to the other brokers of a cluster. For any thread. */
public final class RemoteMarkers {
    private final BrokerLines lines;
    private final Map<Integer, RemoteMarkerWay> ways = new ConcurrentHashMap<>();

    /** @param lines to the other brokers */
    public RemoteMarkers(BrokerLines lines) {
        this.lines = lines;
    }

    /** {@return the way to a broker} */
    public MarkerWay way(int brokerId) {
        return ways.computeIfAbsent(brokerId, id -> new RemoteMarkerWay(lines.to(id)));
    }
}
