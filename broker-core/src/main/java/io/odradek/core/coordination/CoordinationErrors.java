package io.odradek.core.coordination;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.concurrent.CompletionException;

/** How a failure of work on the tree is answered. */
public final class CoordinationErrors {
    private CoordinationErrors() {}

    /** {@return the code to answer} */
    public static ErrorCode code(Throwable stageError) {
        Throwable error = cause(stageError);
        if (error instanceof ApiException refusal) {
            return refusal.error();
        }
        if (error instanceof CoordinationException failure) {
            return switch (failure.reason()) {
                case BAD_VERSION, SESSION_EXPIRED -> ErrorCode.NOT_CONTROLLER;
                case CONNECTION_LOSS -> ErrorCode.REQUEST_TIMED_OUT;
                case STORAGE_FAILURE -> ErrorCode.KAFKA_STORAGE_ERROR;
                case DATA_TOO_LARGE -> ErrorCode.POLICY_VIOLATION;
                default -> ErrorCode.UNKNOWN_SERVER_ERROR;
            };
        }
        return ErrorCode.UNKNOWN_SERVER_ERROR;
    }

    /** {@return the message to answer} */
    public static String message(Throwable stageError) {
        Throwable error = cause(stageError);
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    }

    /** {@return the failure without what stages put around it on its way} */
    private static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
