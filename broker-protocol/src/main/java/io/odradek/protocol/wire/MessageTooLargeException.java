package io.odradek.protocol.wire;

/**
 * A message that is no fault of its own bytes, but would take more heap than its reader may use
 * ({@link WireReader#limitHeap}): many small parts, each of which becomes an object.
 */
public final class MessageTooLargeException extends MalformedMessageException {
    private static final long serialVersionUID = 1L;

    private final long limitBytes;

    MessageTooLargeException(long limitBytes) {
        this("", limitBytes);
    }

    private MessageTooLargeException(String path, long limitBytes) {
        super(path, "decoded, the message takes more than the " + limitBytes + " bytes of heap that are allowed");
        this.limitBytes = limitBytes;
    }

    @Override
    MalformedMessageException at(String path) {
        return new MessageTooLargeException(path, limitBytes);
    }

    /** {@return what was allowed, in bytes} */
    public long limitBytes() {
        return limitBytes;
    }
}
