package io.odradek.core.coordinator.runtime;

import java.nio.ByteBuffer;

/**
 * One entry of a coordinator's log: key and value with the two bytes of version that stand before each. The buffers are
 * the record's own.
 *
 * @param key the key
 * @param value the value, or null for a tombstone
 */
public record CoordinatorRecord(ByteBuffer key, ByteBuffer value) {
    /** {@return the bytes of key and value} */
    public int sizeBytes() {
        return key.remaining() + (value == null ? 0 : value.remaining());
    }
}
