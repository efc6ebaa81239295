package io.odradek.server.net.link;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.odradek.core.transport.BrokerAnswer;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/**
 * A connection to another broker, over one {@link BrokerLink} after the other. Requests are encoded on the caller's loop;
 * all else happens on a loop of the network, always the same one, so that the order of the calls is that of the requests.
 */
public final class NettyBrokerConnection implements BrokerConnection {
    private final LinkParts parts;
    private final Destination destination;
    private final io.odradek.storage.env.EventLoop caller;
    private final EventLoop loop;
    private final Set<NettyBrokerConnection> open;

    /** On the caller's loop. */
    private int nextCorrelationId;

    /** These on the network's loop. */
    private BrokerLink link;

    private int failuresToConnect;
    private boolean shut;

    private NettyBrokerConnection(
            LinkParts parts,
            Destination destination,
            io.odradek.storage.env.EventLoop caller,
            EventLoop loop,
            Set<NettyBrokerConnection> open) {
        this.parts = parts;
        this.destination = destination;
        this.caller = caller;
        this.loop = loop;
        this.open = open;
    }

    /**
     * Makes a connection, without a socket yet.
     *
     * @param caller where answers arrive
     * @param loop of the network
     * @param open where it stands until it is closed
     */
    static BrokerConnection open(
            LinkParts parts,
            Destination destination,
            io.odradek.storage.env.EventLoop caller,
            EventLoop loop,
            Set<NettyBrokerConnection> open) {
        NettyBrokerConnection made = new NettyBrokerConnection(parts, destination, caller, loop, open);
        open.add(made);
        return made;
    }

    @Override
    public CompletionStage<BrokerAnswer> send(ApiKey api, int version, ApiRequest request, int timeoutMs) {
        BrokerCall call;
        try {
            RequestEncoder.Encoded encoded = RequestEncoder.encode(
                    api,
                    (short) version,
                    nextCorrelationId++,
                    destination.purpose().clientId(),
                    request);
            call = new BrokerCall(encoded, timeoutMs, caller);
        } catch (RuntimeException cannotBeEncoded) {
            return CompletableFuture.failedFuture(cannotBeEncoded);
        }
        try {
            loop.execute(() -> send(call));
        } catch (RejectedExecutionException networkHasEnded) {
            call.fail(new BrokerUnreachableException(destination + " is not reached any more: this broker stops"));
        }
        return call.answer();
    }

    @Override
    public void close() {
        shut();
    }

    /** Closes it; from any thread. {@return when it is closed} */
    Future<?> shut() {
        open.remove(this);
        try {
            return loop.submit(this::shutNow);
        } catch (RejectedExecutionException networkHasEnded) {
            return loop.newSucceededFuture(null);
        }
    }

    /** A link has ended; on the network's loop. */
    void ended(BrokerLink ended, boolean everOpen) {
        failuresToConnect = everOpen ? 0 : failuresToConnect + 1;
        if (link == ended) {
            link = null;
        }
    }

    private void send(BrokerCall call) {
        if (shut) {
            call.fail(
                    new BrokerUnreachableException(destination + " is not reached any more: the connection is closed"));
            return;
        }
        if (link != null && link.isSpent()) {
            link.lose("its login is over", null);
        }
        if (link == null) {
            BrokerLink made = new BrokerLink(this, parts, destination, loop);
            link = made;
            made.send(call);
            made.connect(failuresToConnect);
        } else {
            link.send(call);
        }
    }

    private void shutNow() {
        shut = true;
        if (link != null) {
            link.lose("the connection was closed", null);
        }
    }
}
