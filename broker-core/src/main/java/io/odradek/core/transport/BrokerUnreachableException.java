package io.odradek.core.transport;

/** A request to another broker was not answered: no connection, a connection that ended, or no answer in time. */
public final class BrokerUnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message which broker, and what happened */
    public BrokerUnreachableException(String message) {
        super(message);
    }

    /** @param message which broker, and what happened */
    public BrokerUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
