package io.odradek.core.request;

import io.odradek.core.transport.ConnectionContext;
import io.odradek.core.transport.Peer;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.WireWriter;
import java.net.InetAddress;

/** A request in a test: keeps its response, which must also be writable in the request's version. */
final class CapturedRequest implements RequestContext {
    private final RequestHeader header;
    private final String listener;
    private ApiResponse response;

    CapturedRequest(ApiKey api, int version, String listener) {
        this.header = new RequestHeader(api.key(), (short) version, 1, "test");
        this.listener = listener;
    }

    CapturedRequest(ApiKey api, int version) {
        this(api, version, "PLAINTEXT");
    }

    boolean answered() {
        return response != null;
    }

    <T extends ApiResponse> T answer(Class<T> type) {
        return type.cast(response);
    }

    @Override
    public RequestHeader header() {
        return header;
    }

    @Override
    public ConnectionContext connection() {
        return new ConnectionContext("c", 1, Peer.anonymous(InetAddress.getLoopbackAddress(), listener));
    }

    @Override
    public void respond(ApiResponse answer) {
        if (response != null) {
            throw new IllegalStateException("answered twice");
        }
        ApiCodecs.writeResponse(answer, header.apiVersion(), WireWriter.heap(1024));
        response = answer;
    }

    @Override
    public void respondNothing() {
        throw new IllegalStateException("this API has a response");
    }

    @Override
    public void closeConnection(String reason) {
        throw new IllegalStateException(reason);
    }

    @Override
    public void fail(ErrorCode error, String message) {
        throw new IllegalStateException(error + ": " + message);
    }

    @Override
    public void workBegins(int stretches) {
        // nothing is held
    }

    @Override
    public void workEnds() {
        // nothing is held
    }

    @Override
    public void whenGone(Runnable task) {
        // it stays
    }

    @Override
    public boolean isGone() {
        return false;
    }
}
