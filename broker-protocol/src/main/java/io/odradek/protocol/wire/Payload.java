package io.odradek.protocol.wire;

/**
 * A run of bytes that passes through a message without being copied: the record data of a Produce request
 * ({@link BytesPayload}, a slice of the request's own buffer) or of a Fetch response (a slice of a log file, which only
 * the transport looks into).
 */
public interface Payload {
    /** {@return how many bytes this is on the wire} */
    int sizeBytes();
}
