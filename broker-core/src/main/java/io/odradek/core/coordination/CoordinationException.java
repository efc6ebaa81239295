package io.odradek.core.coordination;

import io.odradek.core.coordination.CoordinationStore.Operation;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionException;

/** A coordination call that failed: why, and at which path. */
public final class CoordinationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a call failed. */
    public enum Reason {
        NO_NODE,
        NODE_EXISTS,
        BAD_VERSION,
        NOT_EMPTY,
        EPHEMERAL_PARENT,
        DATA_TOO_LARGE,
        SESSION_EXPIRED,
        /** The connection ended while the call was under way: a write may have been made, and only reading tells. */
        CONNECTION_LOSS,
        /** The node does not let this broker do that. */
        NOT_ALLOWED,
        STORAGE_FAILURE
    }

    private final Reason reason;
    private final String path;

    /**
     * @param reason why
     * @param path the node
     */
    public CoordinationException(Reason reason, String path) {
        this(reason, path, null);
    }

    /**
     * @param reason why
     * @param path the node
     * @param detail what the disk or the store said, or null
     */
    public CoordinationException(Reason reason, String path, String detail) {
        this(reason + ": " + path + (detail == null ? "" : ": " + detail), reason, path);
    }

    private CoordinationException(String message, Reason reason, String path) {
        super(message);
        this.reason = reason;
        this.path = path;
    }

    /**
     * {@return the failure of a tree whose journal cannot be written}
     *
     * @param cause what the disk said, with the file and what to do
     */
    static CoordinationException notKept(String cause) {
        return new CoordinationException(
                "What the broker has to keep of topics and settings cannot be written: " + cause,
                Reason.STORAGE_FAILURE,
                "/");
    }

    /** {@return the refusal of operations that are larger together than a tree takes, naming the largest of them} */
    public static CoordinationException tooLarge(List<Operation> operations, int maxBytes) {
        Operation largest = Collections.max(operations, Comparator.comparingInt(Operation::sizeBytes));
        return new CoordinationException(
                Reason.DATA_TOO_LARGE,
                largest.path(),
                Operation.sizeBytes(operations) + " bytes are more than the " + maxBytes
                        + " that the tree takes at once");
    }

    /** {@return why it failed} */
    public Reason reason() {
        return reason;
    }

    /** {@return the node at which it failed} */
    public String path() {
        return path;
    }

    /** {@return whether a failure, as a stage hands it on, is a coordination call that failed for this reason} */
    public static boolean is(Throwable error, Reason reason) {
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        return cause instanceof CoordinationException failure && failure.reason == reason;
    }
}
