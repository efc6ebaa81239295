package io.odradek.server.embedded;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.server.Broker;
import io.odradek.server.net.RequestReceiver;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds back what clients send while the clock is moved or the brokers are reset, and serves it afterwards: a heartbeat that
 * comes in between would have a session live on, a look at a topic would create it while it is away, and what a test sees would
 * depend on who is first. Brokers are not held back.
 */
final class StillClients implements RequestReceiver {
    private record Held(ApiRequest request, RequestContext context) {}

    private final Broker broker;
    private final RequestReceiver behind;
    private List<Held> held = new ArrayList<>();
    private boolean over;

    private StillClients(Broker broker, RequestReceiver behind) {
        this.broker = broker;
        this.behind = behind;
    }

    /** Holds back the clients of a broker from now on, until {@link #letGo}. */
    static StillClients of(Broker broker) {
        StillClients still = new StillClients(broker, broker.inFront());
        broker.inFront(still);
        return still;
    }

    @Override
    public void receive(ApiRequest request, RequestContext context) {
        if (!hold(request, context)) {
            pass(request, context);
        }
    }

    private synchronized boolean hold(ApiRequest request, RequestContext context) {
        if (over || FaultCondition.isOfBroker(request, context.header())) {
            return false;
        }
        context.workBegins(1);
        held.add(new Held(request, context));
        return true;
    }

    private void pass(ApiRequest request, RequestContext context) {
        if (behind == null) {
            broker.serve(request, context);
        } else {
            behind.receive(request, context);
        }
    }

    /** Serves what was held back, in the order in which it came, and then all that comes at once. */
    void letGo() {
        for (List<Held> now = next(); !now.isEmpty(); now = next()) {
            for (Held one : now) {
                try {
                    pass(one.request(), one.context());
                } finally {
                    one.context().workEnds();
                }
            }
        }
        if (broker.inFront() == this) {
            broker.inFront(behind);
        }
    }

    private synchronized List<Held> next() {
        List<Held> now = held;
        held = new ArrayList<>();
        over = now.isEmpty();
        return now;
    }
}
