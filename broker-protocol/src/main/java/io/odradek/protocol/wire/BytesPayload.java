package io.odradek.protocol.wire;

import java.nio.ByteBuffer;

/**
 * A payload in memory.
 *
 * @param buffer the bytes between position and limit; neither is moved by readers, who take duplicates
 */
public record BytesPayload(ByteBuffer buffer) implements Payload {
    /** A payload of no bytes. */
    public static final BytesPayload EMPTY = new BytesPayload(ByteBuffer.allocate(0));

    @Override
    public int sizeBytes() {
        return buffer.remaining();
    }
}
