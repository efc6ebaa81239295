package io.odradek.protocol.wire;

/**
 * Bytes that are not what their schema says. The message names the path of the field that failed, such as
 * {@code FetchRequest.topics[3].partitions[0].fetchOffset}.
 */
public final class MalformedMessageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, and at which field */
    public MalformedMessageException(String message) {
        super(message, null, false, false);
    }
}
