package io.odradek.core.security.sasl;

/** A login as a client has not come to a good end. */
public final class SaslRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what happened, with no secret in it */
    public SaslRefusedException(String message) {
        super(message);
    }
}
