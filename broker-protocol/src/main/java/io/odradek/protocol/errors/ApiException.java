package io.odradek.protocol.errors;

/** A request, or a part of one, that is answered with an error code. Carries no stack trace: it is an answer, not a fault. */
public sealed class ApiException extends RuntimeException permits InvalidRecordsException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode error;

    /**
     * @param error the code to answer
     * @param message what happened and what to do, for the response's message field where it has one
     */
    public ApiException(ErrorCode error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    /** {@return the code to answer} */
    public ErrorCode error() {
        return error;
    }
}
