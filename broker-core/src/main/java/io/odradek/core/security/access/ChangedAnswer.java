package io.odradek.core.security.access;

import io.odradek.core.transport.ConnectionContext;
import io.odradek.core.transport.RequestCharge;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.errors.ErrorCode;
import java.util.function.UnaryOperator;

/** A request's way back on which its answer is changed. */
class ChangedAnswer implements RequestContext {
    private final RequestContext context;
    private final ApiRequest request;
    private final UnaryOperator<ApiResponse> change;

    /**
     * @param request what is served, which may be less than what was asked for
     * @param change makes the answer that is given
     */
    ChangedAnswer(RequestContext context, ApiRequest request, UnaryOperator<ApiResponse> change) {
        this.context = context;
        this.request = request;
        this.change = change;
    }

    @Override
    public RequestHeader header() {
        return context.header();
    }

    @Override
    public ConnectionContext connection() {
        return context.connection();
    }

    @Override
    public int sizeBytes() {
        return context.sizeBytes();
    }

    @Override
    public void respond(ApiResponse response) {
        context.respond(change.apply(response));
    }

    @Override
    public void respondNothing() {
        context.respondNothing();
    }

    /** What was served has failed; what was refused before is told all the same. */
    @Override
    public void fail(ErrorCode error, String message) {
        ApiKey api = ApiKey.of(header().apiKey());
        respond(ApiCodecs.errorResponse(api, header().apiVersion(), request, error, message));
    }

    @Override
    public void closeConnection(String reason) {
        context.closeConnection(reason);
    }

    @Override
    public void workBegins(int stretches) {
        context.workBegins(stretches);
    }

    @Override
    public void begins() {
        context.begins();
    }

    @Override
    public void ends() {
        context.ends();
    }

    @Override
    public RequestCharge charge() {
        return context.charge();
    }

    @Override
    public void workEnds() {
        context.workEnds();
    }

    @Override
    public void whenGone(Runnable task) {
        context.whenGone(task);
    }

    @Override
    public boolean isGone() {
        return context.isGone();
    }
}
