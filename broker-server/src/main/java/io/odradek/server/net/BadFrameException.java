package io.odradek.server.net;

/** A frame that is not read: its length is negative or beyond {@code socket.request.max.bytes}. */
final class BadFrameException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadFrameException(String message) {
        super(message, null, false, false);
    }
}
