package io.odradek.server.embedded;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.function.UnaryOperator;

/** The way back of a request that is done, and whose answer meets a fault. */
final class StruckContext extends PassingContext {
    /** What becomes of the answer. */
    private enum Fate {
        DROPPED,
        CLOSED,
        CHANGED
    }

    private static final UnaryOperator<ApiResponse> AS_IT_IS = answer -> answer;

    private final Fate fate;
    private final UnaryOperator<ApiResponse> change;

    private StruckContext(RequestContext context, Fate fate, UnaryOperator<ApiResponse> change) {
        super(context);
        this.fate = fate;
        this.change = change;
    }

    /** Answers nothing. */
    static RequestContext dropping(RequestContext context) {
        return new StruckContext(context, Fate.DROPPED, AS_IT_IS);
    }

    /** Closes the connection instead of an answer. */
    static RequestContext closing(RequestContext context) {
        return new StruckContext(context, Fate.CLOSED, AS_IT_IS);
    }

    /** Answers something else. */
    static RequestContext changing(RequestContext context, UnaryOperator<ApiResponse> change) {
        return new StruckContext(context, Fate.CHANGED, change);
    }

    /** {@return whether there is to be no answer, which has been seen to} */
    private boolean withheld() {
        switch (fate) {
            case DROPPED -> context().whenGone(() -> {});
            case CLOSED -> context().closeConnection("a fault that a test has set");
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public void respond(ApiResponse response) {
        if (!withheld()) {
            context().respond(change.apply(response));
        }
    }

    @Override
    public void respondNothing() {
        if (!withheld()) {
            context().respondNothing();
        }
    }

    @Override
    public void fail(ErrorCode error, String message) {
        if (!withheld()) {
            context().fail(error, message);
        }
    }
}
