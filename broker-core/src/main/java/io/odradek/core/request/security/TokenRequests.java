package io.odradek.core.request.security;

import io.odradek.core.request.Deadline;
import io.odradek.core.transport.Peer;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/** What all requests about delegation tokens have in common. */
final class TokenRequests {
    /** How long one waits for the cluster's tree. */
    private static final long WAIT_MS = 30_000;

    private static final char BETWEEN = ':';

    private TokenRequests() {}

    /**
     * {@return whether whoever has sent a request may ask of tokens at all} Nobody who has not said who it is may, nor with a
     * token, which otherwise would let itself live for ever.
     */
    static boolean mayAsk(RequestContext context) {
        Peer peer = context.connection().peer();
        return !peer.byToken() && !peer.principal().equals(Peer.ANONYMOUS);
    }

    static String principal(RequestContext context) {
        return context.connection().peer().principal();
    }

    static String principal(String type, String name) {
        return type + BETWEEN + name;
    }

    /** {@return the type of a principal} */
    static String type(String principal) {
        return principal.substring(0, principal.indexOf(BETWEEN));
    }

    /** {@return the name of a principal} */
    static String name(String principal) {
        return principal.substring(principal.indexOf(BETWEEN) + 1);
    }

    /** Waits for what is done in the tree, and answers. @param answer takes what was done, or null and what came of it */
    static <T> void await(
            RequestContext context, EventLoop loop, CompletionStage<T> done, BiConsumer<T, ErrorCode> answer) {
        Deadline.await(context, loop, WAIT_MS, done, (value, error) -> answer.accept(value, code(value, error)));
    }

    private static ErrorCode code(Object value, Throwable error) {
        if (error == null) {
            return value == null ? ErrorCode.REQUEST_TIMED_OUT : ErrorCode.NONE;
        }
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof ApiException refusal ? refusal.error() : ErrorCode.UNKNOWN_SERVER_ERROR;
    }
}
