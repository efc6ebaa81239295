package io.odradek.core.simulation;

import io.odradek.core.transport.ConnectionContext;
import io.odradek.core.transport.EncodedRequest;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;

/** A request that has come over a connection. */
final class ServedRequest extends EncodedRequest {
    private SimulatedSocket socket;
    private ApiRequest decoded;

    ServedRequest(ApiKey api, int version, int correlation, String clientId, ApiRequest body) {
        super(api, version, correlation, clientId, body);
    }

    /** {@return the request, decoded from what has arrived over a connection} */
    ApiRequest decode(SimulatedSocket arrivedBy) {
        socket = arrivedBy;
        decoded = decode();
        return decoded;
    }

    void handTo(SimulatedNode.Service service) {
        try {
            service.receive(decoded, this);
        } finally {
            workEnds();
        }
    }

    @Override
    public ConnectionContext connection() {
        return socket.context();
    }

    @Override
    protected void completed() {
        socket.completed();
    }
}
