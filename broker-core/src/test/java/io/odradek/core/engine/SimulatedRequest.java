package io.odradek.core.engine;

import io.odradek.core.transport.ConnectionContext;
import io.odradek.core.transport.EncodedRequest;
import io.odradek.core.transport.Peer;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.wire.WireReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** A request on its way through a {@link SimulatedBroker}, which it reaches without a connection. */
final class SimulatedRequest extends EncodedRequest {
    /** That of somebody of whom nothing is known. */
    static final ConnectionContext ANYBODYS =
            new ConnectionContext("simulated", 1, Peer.anonymous(InetAddress.getLoopbackAddress(), "PLAINTEXT"));

    private final ConnectionContext connection;
    private final Consumer<SimulatedRequest> completed;

    /** @param completed is told, on the loop that completes it */
    SimulatedRequest(
            ApiKey api,
            int version,
            ApiRequest body,
            ConnectionContext connection,
            Consumer<SimulatedRequest> completed) {
        super(api, version, 1, "simulated", body);
        this.connection = connection;
        this.completed = completed;
    }

    /** Is decoded and handed to a broker. */
    void handTo(BrokerEngine engine) {
        ApiRequest decoded = decode();
        try {
            engine.receive(decoded, this);
        } finally {
            workEnds();
        }
    }

    /**
     * {@return the answer as the client decodes it; null if there is none, because none was wanted or because the
     * connection was closed}
     */
    ApiResponse answer() {
        try {
            ByteBuffer answer = readAnswer();
            return answer == null ? null : ApiCodecs.readResponse(api(), header().apiVersion(), new WireReader(answer));
        } catch (IOException e) {
            // The log file could not be read while it was sent.
            return null;
        }
    }

    /** The connection breaks, because the broker is no more. */
    void drop() {
        if (!isDone()) {
            respondNothing();
        }
    }

    @Override
    public ConnectionContext connection() {
        return connection;
    }

    @Override
    protected void completed() {
        completed.accept(this);
    }
}
