package io.odradek.server.admin;

/** What was asked cannot be answered: the message, of one line, says why. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param status the status of the answer */
    RefusedException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
