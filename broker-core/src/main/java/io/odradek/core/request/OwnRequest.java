package io.odradek.core.request;

import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.core.transport.ConnectionContext;
import io.odradek.core.transport.Peer;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.errors.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A request of this broker to itself: it is served as one of another broker would be, without a socket. */
public final class OwnRequest implements RequestContext {
    /** Who asks. */
    public static final Peer SELF = Peer.anonymous(null, "");

    private static final ConnectionContext CONNECTION = new ConnectionContext("self", 0, SELF);

    private final ApiKey api;
    private final RequestHeader header;
    private final ApiRequest request;
    private final CompletableFuture<ApiResponse> answer = new CompletableFuture<>();

    private OwnRequest(ApiKey api, int version, ApiRequest request) {
        this.api = api;
        this.header = new RequestHeader(api.key(), (short) version, 0, null);
        this.request = request;
    }

    /** Serves a request. {@return its answer, on any thread} */
    public static CompletionStage<ApiResponse> serve(
            RequestDispatcher dispatcher, ApiKey api, int version, ApiRequest request) {
        OwnRequest own = new OwnRequest(api, version, request);
        dispatcher.dispatch(request, own);
        return own.answer;
    }

    @Override
    public RequestHeader header() {
        return header;
    }

    @Override
    public ConnectionContext connection() {
        return CONNECTION;
    }

    @Override
    public void respond(ApiResponse response) {
        answer.complete(response);
    }

    @Override
    public void respondNothing() {
        closeConnection("it has no answer");
    }

    @Override
    public void fail(ErrorCode error, String message) {
        answer.complete(ApiCodecs.errorResponse(api, header.apiVersion(), request, error, message));
    }

    @Override
    public void closeConnection(String reason) {
        answer.completeExceptionally(
                new BrokerUnreachableException("The broker's own " + api + " has not been answered: " + reason));
    }

    @Override
    public void workBegins(int stretches) {
        // It holds nothing.
    }

    @Override
    public void workEnds() {
        // It holds nothing.
    }

    @Override
    public void whenGone(Runnable task) {
        // It stays until it is answered.
    }

    @Override
    public boolean isGone() {
        return false;
    }
}
