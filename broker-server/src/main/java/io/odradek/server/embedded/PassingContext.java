package io.odradek.server.embedded;

import io.odradek.core.transport.ConnectionContext;
import io.odradek.core.transport.RequestCharge;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.errors.ErrorCode;

/** The way back of a request, with somebody in it who sees what passes. */
abstract class PassingContext implements RequestContext {
    private final RequestContext context;

    PassingContext(RequestContext context) {
        this.context = context;
    }

    final RequestContext context() {
        return context;
    }

    @Override
    public void respond(ApiResponse response) {
        context.respond(response);
    }

    @Override
    public void respondNothing() {
        context.respondNothing();
    }

    @Override
    public void fail(ErrorCode error, String message) {
        context.fail(error, message);
    }

    @Override
    public final void closeConnection(String reason) {
        context.closeConnection(reason);
    }

    @Override
    public final RequestHeader header() {
        return context.header();
    }

    @Override
    public final ConnectionContext connection() {
        return context.connection();
    }

    @Override
    public final int sizeBytes() {
        return context.sizeBytes();
    }

    @Override
    public final void workBegins(int stretches) {
        context.workBegins(stretches);
    }

    @Override
    public final void begins() {
        context.begins();
    }

    @Override
    public final void ends() {
        context.ends();
    }

    @Override
    public final RequestCharge charge() {
        return context.charge();
    }

    @Override
    public final void workEnds() {
        context.workEnds();
    }

    @Override
    public final void whenGone(Runnable task) {
        context.whenGone(task);
    }

    @Override
    public final boolean isGone() {
        return context.isGone();
    }
}
