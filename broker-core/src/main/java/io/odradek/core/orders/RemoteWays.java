package io.odradek.core.orders;

import io.odradek.core.controller.LiveBroker;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.transport.BrokerClient;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.core.transport.Purpose;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.FewLines;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ways to the other brokers of a cluster, over their listener for controllers. */
public final class RemoteWays implements OrderSender.Others {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteWays.class);

    private final BrokerClient client;
    private final EventLoop loop;
    private final FewLines lines;
    private final ControlListener listener;

    /**
     * @param client the way to other brokers
     * @param loop the controller's loop
     * @param clock for how often the log says that a broker does not answer
     * @param listener how they are reached
     */
    public RemoteWays(BrokerClient client, EventLoop loop, Clock clock, ControlListener listener) {
        this.client = client;
        this.loop = loop;
        this.lines = new FewLines(LOG, clock);
        this.listener = listener;
    }

    @Override
    public BrokerWay way(
            int brokerId, LiveBroker broker, Authority authority, Supplier<SortedMap<Integer, LiveBroker>> live) {
        Endpoint endpoint = broker.node().endpoints().get(listener.name());
        return new RemoteWay(brokerId, endpoint, authority, live, this);
    }

    BrokerConnection connect(Endpoint endpoint, int brokerId) {
        if (endpoint == null) {
            throw new BrokerUnreachableException(
                    "Broker " + brokerId + " has no listener of the name " + listener.name());
        }
        Purpose purpose = Purpose.of(listener.name(), Integer.toString(listener.brokerId()));
        return client.connection(endpoint.host(), endpoint.port(), purpose, loop);
    }

    String listener() {
        return listener.name();
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
