package io.odradek.core.coordination;

/** A coordination call that failed: why, and at which path. */
public final class CoordinationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a call failed. */
    public enum Reason {
        NO_NODE,
        NODE_EXISTS,
        BAD_VERSION,
        NOT_EMPTY,
        SESSION_EXPIRED,
        CONNECTION_LOSS,
        STORAGE_FAILURE
    }

    private final Reason reason;

    /**
     * @param reason why
     * @param path the node
     */
    public CoordinationException(Reason reason, String path) {
        super(reason + ": " + path);
        this.reason = reason;
    }

    /** {@return why it failed} */
    public Reason reason() {
        return reason;
    }
}
