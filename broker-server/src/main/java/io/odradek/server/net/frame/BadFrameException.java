package io.odradek.server.net.frame;

/** A frame that is not read: its length is negative or beyond its bound, or nobody has asked for it. */
public final class BadFrameException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadFrameException(String message) {
        super(message, null, false, false);
    }
}
