package io.odradek.core.markers;

import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.transport.BrokerClient;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.core.transport.Purpose;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.FewLines;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ways of markers to the other brokers of a cluster. For any thread. */
public final class RemoteMarkers {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteMarkers.class);

    private final BrokerClient client;
    private final MetadataSource metadata;
    private final Listener listener;
    private final EventLoop loop;
    private final FewLines lines;
    private final Map<Integer, RemoteMarkerWay> ways = new ConcurrentHashMap<>();

    /**
     * How brokers reach each other.
     *
     * @param brokerId this broker's id, which its connections are named after
     * @param name the listener between brokers
     * @param timeoutMs how long an answer is waited for, {@code request.timeout.ms}
     */
    public record Listener(int brokerId, String name, int timeoutMs) {}

    /**
     * @param client the way to other brokers
     * @param metadata tells where they listen
     * @param loop where the ways live
     */
    public RemoteMarkers(BrokerClient client, MetadataSource metadata, Listener listener, EventLoop loop, Clock clock) {
        this.client = client;
        this.metadata = metadata;
        this.listener = listener;
        this.loop = loop;
        this.lines = new FewLines(LOG, clock);
    }

    /** {@return the way to a broker} */
    public MarkerWay way(int brokerId) {
        return ways.computeIfAbsent(brokerId, id -> new RemoteMarkerWay(id, this));
    }

    /** {@return where a broker listens now, null if it is not known} */
    Endpoint endpoint(int brokerId) {
        BrokerInfo broker = metadata.image().brokers().get(brokerId);
        return broker == null ? null : broker.endpoints().get(listener.name());
    }

    BrokerConnection connect(int brokerId, Endpoint endpoint) {
        if (endpoint == null) {
            throw new BrokerUnreachableException(
                    "Broker " + brokerId + " is not known on the listener " + listener.name());
        }
        Purpose purpose = Purpose.of("broker-" + listener.brokerId() + "-txn-marker-sender");
        return client.connection(endpoint.host(), endpoint.port(), purpose, loop);
    }

    int timeoutMs() {
        return listener.timeoutMs();
    }

    EventLoop loop() {
        return loop;
    }

    FewLines lines() {
        return lines;
    }
}
