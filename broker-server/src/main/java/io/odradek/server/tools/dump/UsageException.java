package io.odradek.server.tools.dump;

/** A tool was not called as it should be; the message is a line for its user. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
