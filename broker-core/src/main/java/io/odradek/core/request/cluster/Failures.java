package io.odradek.core.request.cluster;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.concurrent.CompletionException;

/** The errors that requests among brokers are answered with as a whole. */
final class Failures {
    private Failures() {}

    /** Answers a request that has failed, or has taken too long if there is no failure. */
    static void answer(RequestContext context, Throwable failure) {
        ErrorCode error = code(failure);
        context.fail(error, failure == null ? null : failure.getMessage());
    }

    private static ErrorCode code(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause == null) {
            return ErrorCode.REQUEST_TIMED_OUT;
        }
        return cause instanceof ApiException refusal ? refusal.error() : ErrorCode.UNKNOWN_SERVER_ERROR;
    }
}
