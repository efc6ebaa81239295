package io.odradek.server.inspect;

import io.odradek.protocol.errors.ErrorCode;

/** A broker could not be asked, or has refused: the message says what, and by which of the protocol's errors. */
public class InspectionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode error;

    /** @param message what could not be done, and why */
    public InspectionException(String message) {
        this(message, null, ErrorCode.NONE);
    }

    /** @param message what could not be done, and why */
    public InspectionException(String message, Throwable cause) {
        this(message, cause, ErrorCode.NONE);
    }

    /** @param error the broker's answer; a retriable one if it may be asked again */
    public InspectionException(String message, Throwable cause, ErrorCode error) {
        super(message, cause);
        this.error = error;
    }

    /** {@return the broker's answer, {@code NONE} if it gave none} */
    public ErrorCode error() {
        return error;
    }
}
